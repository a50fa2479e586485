/** How the launcher and the suite find each other: environment variables reach the extension host of every editor. */
export const environmentVariables = { results: "FAULTLINE_TEST_RESULTS" } as const;

export const environment = {
  /** Where mocha writes its results. */
  get results(): string {
    const file = process.env[environmentVariables.results];
    if (file === undefined) throw new Error(`${environmentVariables.results} is not set`);
    return file;
  },
};

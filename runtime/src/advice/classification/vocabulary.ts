import type { CategoryId } from "./categories.js";
import { singular } from "./words.js";

/**
 * What a word or phrase tells of the data that bears it:
 * - `noun`: at the head of a phrase it says what the data is ("account balance");
 * - `event`: a noun for something that happens; counted, it is how often ("booking count");
 * - `quality`: beside any other word, it says what the data is ("cached rooms");
 * - `guise`: so does this, beside a word that says what it would be otherwise ("displayed balance");
 * - `hint`: it may say so; two hints of one category, one of them the head, do ("remaining seats");
 * - `structure`: how something is kept, not what ("balance by user map"), so the word before it counts;
 * - `count`: structure that makes a number of it;
 * - `aside`: what the phrase names lies beside it, as it is not settled yet, past, or a bound ("pending payments");
 * - `other`: a phrase that only sounds like one of these ("load balance").
 */
export type Meaning = { readonly kind: Telling; readonly category: CategoryId } | { readonly kind: Neutral };

type Telling = "noun" | "event" | "quality" | "guise" | "hint";
type Neutral = "structure" | "count" | "aside" | "other";
type Vocabulary = Readonly<Partial<Record<Telling, string>>>;

/** Singular, where the plural is not meant alone; a phrase is found in all its spellings (`darkMode`, `darkmode`). */
const vocabularies: Readonly<Record<CategoryId, Vocabulary>> = {
  money: {
    noun: "balance, money, billing, ledger, wallet, escrow, cash, funds, debt",
    event: "payment, invoice, refund, payout, deposit, withdrawal, debit, money transfer, bank transfer, charge back",
    hint: `amount, credit, coin, cent, dollar, euro, usd, eur, owed, paid, pay, spend, spent, revenue, salary, stake, margin,
      profit, loan, charge, bank, fund, voucher, wage, financial, earning`,
  },
  stock: {
    noun: "stock, inventory, available room, free room, available table, free table, stock on hand",
    hint: `seat, ticket, slot, quantity, available, remaining, left, free, unsold, sold, supply, unit,
      reserved, booked, reserve, spare, vacancy`,
  },
  booking: {
    noun: "booked room, booked date, booked night, booked table, reserved room, reserved date, reserved table",
    event: "booking, reservation",
    hint: "appointment, booked, reserved, taken, occupancy, occupied, availability, calendar",
  },
  coordination: {
    noun: `lock, mutex, semaphore, current leader, elected leader, fencing token, lock owner, lock holder,
      sequence number, next id, next sequence`,
    hint: "leader, lease, locked, holder, owner, sequence, claimed",
  },
  credentials: {
    noun: `credential, password, password hash, password digest, api key, api token, secret key, auth token, bearer token, access token, refresh token, session token, private key, signing key,
      permission, privilege, access control, access right, acl, authorization, authentication, user role, revoked token,
      revocation`,
    hint: "login, secret, role, session, token, security, auth, banned, blocked",
  },
  audit: {
    noun: "audit, audit log, audit trail, audit record, audit entry, compliance, legal hold",
    hint: "legal, regulation, consent, trail",
  },
  quota: {
    noun: "quota, allowance, rate limit, api limit, usage limit, budget",
    hint: "limit, capacity, remaining, left, available, usage, token",
  },
  price: {
    noun: "price, fare, tariff, price list, exchange rate",
    hint: "fee, cost, tax, discount, rate, quote",
  },
  conversation: {
    noun: `messages, chat, chat message, direct message, conversation, chat history, chat log`,
    event: "comment, reply, comment thread",
    hint: "message, thread, inbox",
  },
  content: {
    noun: `user profile, profile, document, article, blog post, biography, avatar, shopping cart, cart, basket, wish list,
      notification, product description, display name`,
    event: "post",
    hint: "content, page, text, title, body, description, configuration, config, settings",
  },
  preference: {
    noun: `preference, prefs, theme, locale, wallpaper, dark mode, color scheme, colour scheme, font size, favorite, favourite,
      bookmark, user setting, ui setting, display setting, notification setting, editor setting, view setting,
      theme setting, color theme, interface language`,
    quality: "preferred",
    hint: "setting, language, layout, mode, timezone, font",
  },
  presence: {
    noun: `presence, last seen, last active, online, online status, online user, online member,
      online friend, online player, online driver, online device, user status, typing, typing user, typing indicator, active user`,
    hint: "status, active, seen",
  },
  reaction: {
    noun: `likes, like count, reaction, page view, views, view count, profile view, video view, upvote,
      plays, play count, share count, clap`,
    hint: "like, view, hits, visit, shares, vote, star, click, follower",
  },
  recommendation: {
    noun: `recommendation, suggestion, recommended product, recommended item, recommended article, recommended video,
      suggested product, suggested item, suggested friend, related product, similar product, similar item, recently viewed`,
    hint: "recommended, suggested",
  },
  search: {
    noun: `search index, search indices, search indexes, search result, search ranking, full text index, autocomplete,
      typeahead, search suggestion`,
    hint: "search, index, indexed",
  },
  cache: {
    noun: "cache, materialized view, read model, thumbnail",
    quality: "cached, memoized",
    guise: "estimated, approximate, displayed, shown, preview, mirrored, copied",
    hint: "copy, estimate, snapshot, mirror",
  },
  analytics: {
    noun: `analytics, metric, statistic, stat, reporting, histogram, impression, leaderboard, leader board,
      popularity, page hit, site hit, trending topic, trending post, trending video, heatmap, conversion rate, visitor count`,
    hint: "report, ranking, trend, trending, engagement, score, visitor, funnel",
  },
  monitoring: {
    noun: "telemetry, monitoring, debug log, log line, health check, trace span, performance log",
    hint: "heartbeat, debug, performance, diagnostic, logging, trace, latency",
  },
};

const withoutCategory: Readonly<Record<Neutral, string>> = {
  structure: `map, set, list, array, log, table, record, entry, value, data, datum, state, register, cell, store, storage, total,
    sum, current, item, event, sample, point, collection, service, repository, level, field, per user, kind of`,
  count: "count, counter, number, tally, times",
  aside: `last, latest, recent, previous, initial, default, minimum, maximum, min, max, pending, requested, request, queued, queue, outbox, intent, intended, draft, proposed, proposal, wish, wanted,
    planned, expected, desired, quoted, offered, forecast, predicted`,
  other: `load balance, white balance, color balance, colour balance, work life balance, balance sheet, stock photo,
    stock image, stock video, stock price, stock exchange, error message, log message, status message, welcome message,
    debug message, commit message, price tag, cache control, online store, online shop, book lock, screen lock, caps lock`,
};

/** By words as written or in the singular, joined by spaces. */
export const vocabulary: ReadonlyMap<string, readonly Meaning[]> = build();

/** Words that end a noun phrase: what follows says more of it, not what it is. */
export const phraseEnds: ReadonlySet<string> = new Set(
  `of for per by in on at to from with without that which who whose where when while whether if is are was were be has have had
   as than about after before between during and or so because until since into via`.split(/\s+/),
);

/** Words that open a description without saying what it is of. */
export const openings: ReadonlySet<string> = new Set(
  `the a an all every each this its their our his her how much many what currently holds keeps stores contains is has`.split(
    /\s+/,
  ),
);

/** They turn a description round: "not the balance", "shown instead of the stock". */
export const denials: ReadonlySet<string> = new Set(
  "not no never none nor instead unlike except rather isn aren doesn don cannot".split(" "),
);

export const longestPhrase = 4;

function build(): ReadonlyMap<string, readonly Meaning[]> {
  const meanings = new Map<string, Meaning[]>();
  const add = (phrases: string, meaning: Meaning): void => {
    for (const phrase of phrases.split(",").map((each) => each.trim().replace(/\s+/g, " "))) {
      const joined = phrase.replaceAll(" ", "");
      for (const key of new Set([phrase, phrase.split(" ").map(singular).join(" "), joined]))
        if (key === phrase || phrase.includes(" ")) meanings.set(key, [...(meanings.get(key) ?? []), meaning]);
    }
  };
  for (const [category, words] of Object.entries(vocabularies) as [CategoryId, Vocabulary][])
    for (const [kind, phrases] of Object.entries(words) as [Telling, string][]) add(phrases, { kind, category });
  for (const [kind, phrases] of Object.entries(withoutCategory) as [Neutral, string][]) add(phrases, { kind });
  return meanings;
}

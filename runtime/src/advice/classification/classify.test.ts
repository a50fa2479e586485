import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLevels } from "../../levels.js";
import { type CategoryId, categories, categoryOf } from "./categories.js";
import { classify, mentions, type Subject } from "./classify.js";
import { vocabulary } from "./vocabulary.js";
import { singular, wordsIn } from "./words.js";

const categoryOfName = (name: string): string => classify({ name }).category;

describe("a name says what the data is", () => {
  const expected: Readonly<Partial<Record<CategoryId, string>>> = {
    money:
      "balance accountBalance account_balance BALANCE balances userBalanceCents2 totalBalance balanceByUser cash walletState ledgerEntries availableFunds amountPaid paidAmount listOfPayments invoices",
    stock:
      "stock stockLevel inventory itemsInventory stockCount stockPerWarehouse remainingSeats seatsLeft availableSeats unsoldTickets freeSlots quantityAvailable reservedSeats numberOfAvailableSeats unitsInStock freeRooms",
    booking: "booking bookings roomBookings reservationsByRoom reservedRooms bookingMap",
    coordination: "lock locks jobLock mutex sequenceNumber nextId fencingToken",
    credentials:
      "password passwordHash credentials apiKeys APIKey accessToken permissions userPermissions revokedTokens",
    audit: "audit auditLog auditTrail auditEntries legalHolds complianceRecords",
    quota: "quota apiQuota rateLimit allowance",
    price: "price prices ticketPrice priceInCents fareByZone exchangeRate",
    conversation: "messages chatMessages comments commentsOfPost replies conversation conversations chat",
    content: "profile userProfile documents articles cart shoppingCart notifications posts",
    preference:
      "theme preferences userPreferences notificationPreferences preferencesByUser uiSettings userPrefs darkMode darkmode fontSize locale preferredCurrency bookmarks",
    presence: "presence lastSeen lastSeenAt onlineUsers isOnline typing presenceByUser userStatus presenceStatus",
    reaction: "likes likesOfPost pageViews views viewCount likeCount reactions upvotes",
    recommendation: "recommendations recommendedProducts suggestedFriends suggestions",
    search: "searchIndex search_index searchResults autocomplete",
    cache: "cache priceCache caches cachedBalance estimatedPrice displayedStock cachedRooms readModel sessionCache",
    analytics:
      "analytics analyticsEvents metrics statistics paymentStatistics stats pageHits leaderboard bookingMetrics impressions",
    monitoring: "telemetry debugLog monitoring",
  };

  it.each(
    Object.entries(expected).flatMap(([category, names]) => names.split(" ").map((name) => [name, category] as const)),
  )("%s is %s", (name, category) => {
    expect(categoryOfName(name)).toBe(category);
  });

  it.each(
    // Parts of words, unlike things of the same name, unknown heads, hints alone, and what lies beside the thing.
    `illegal illegalParkings livestock livestockPhotos stockholm imbalance balancer unlocked clock block billingual
     loadBalance whiteBalance stockPhotos stockPrice errorMessage paymentMethod paymentProvider bookingUrl cacheSize inventoryTitle billingAddress
     themeColor onlineStore estimatedArrival recommendedDose previewEnabled seat seats left available amount limit title text name address items owner holder likelihood
     pendingPayments requestedBookings paymentDrafts lastPayment initialBalance maxBalance orderQueue
     count value entries data x _ $0`
      .trim()
      .split(/\s+/),
  )("%s needs analysis", (name) => {
    expect(categoryOfName(name)).toBe("NEEDS_ANALYSIS");
  });
});

describe("what else is known", () => {
  it.each<[string, Subject, string]>([
    ["the type, when the name says nothing", { name: "current", type: "Money" }, "money"],
    ["the name before the type", { name: "cachedRooms", type: "Booking" }, "cache"],
    ["the type before the comment", { name: "rows", type: "AuditEntry", comment: "Likes of a post." }, "audit"],
    ["the comment", { name: "left", comment: "/** The money that the customer has left. */" }, "money"],
    ["only its first sentence", { name: "left", comment: "What is left. Not the stock." }, "NEEDS_ANALYSIS"],
    ["only what the sentence is about", { name: "at", comment: "Time of the last payment." }, "NEEDS_ANALYSIS"],
    ["nothing of a denial", { name: "hint", comment: "Stock, but not what is sold." }, "stock"],
    ["nothing of a denial in the same breath", { name: "hint", comment: "Never the stock itself." }, "NEEDS_ANALYSIS"],
    ["the class, when the name has no colour", { name: "count", owner: "Inventory" }, "stock"],
    ["not the class otherwise", { name: "title", owner: "Inventory" }, "NEEDS_ANALYSIS"],
    ["how often something happens is not what happens", { name: "bookingCount" }, "NEEDS_ANALYSIS"],
    ["nor is a counter of it", { name: "withdrawals", dataType: "counter" }, "NEEDS_ANALYSIS"],
    ["but a counter of money is money", { name: "balance", dataType: "counter" }, "money"],
    ["one comment is no conversation", { name: "comment", dataType: "register" }, "NEEDS_ANALYSIS"],
    ["a description alone: the document's first example", { comment: "User account balance" }, "money"],
    ["its second, which its own code gets wrong", { comment: "Social media post likes" }, "reaction"],
    ["its third", { comment: "Chat messages in conversation" }, "conversation"],
  ])("%s", (_, subject, category) => {
    expect(classify(subject).category).toBe(category);
  });

  it("a log of payments decides nothing by a value, so it may be weaker than the balance", () => {
    expect(classify({ name: "payments", dataType: "log" }).weakest).toBe("causal");
    expect(classify({ name: "payments", dataType: "map" }).weakest).toBe("sequential");
    expect(classify({ name: "bookings", dataType: "log" }).weakest).toBe("sequential");
  });
});

describe("the reason", () => {
  it.each<[Subject, string]>([
    [{ name: "accountBalance" }, "“balance” in the name `accountBalance` says that it holds money"],
    [{ name: "theme" }, "the name `theme` says that it holds preferences"],
    [{ name: "rooms", type: "Booking" }, "the type `Booking` says that it holds bookings"],
    [{ name: "x", comment: "Cash in the till." }, "“cash” in the comment “Cash in the till” says that it holds money"],
    [{ name: "count", owner: "Inventory" }, "the class `Inventory` says that it holds stock"],
    [
      { name: "paymentMethod" },
      "“payment” in the name `paymentMethod` may speak of money, but does not say that it is that",
    ],
    [{ name: "pendingPayments" }, "`pending` in the name `pendingPayments` says that it is not the thing itself"],
    [{ name: "x" }, "nothing in its name, its type or its comment says what it is"],
  ])("%o", (subject, reason) => {
    expect(classify(subject).reason).toBe(reason);
  });

  it("tells of stricter things that are spoken of beside", () => {
    const { category, stricter } = classify({ name: "paymentPreferences" });
    expect(category).toBe("preference");
    expect(stricter.map((each) => each.word)).toEqual(["payment"]);
    expect(mentions({ name: "stockPhotos" })).toEqual([]);
    expect(mentions({ name: "apiQuotaUsed" }).map((each) => each.category)).toEqual(["quota"]);
  });
});

describe("the data", () => {
  it("has levels in order, and words for every category", () => {
    for (const { id, weakest, usual, strongest } of categories) {
      expect(compareLevels(weakest, usual)).toBeLessThanOrEqual(0);
      expect(compareLevels(usual, strongest)).toBeLessThanOrEqual(0);
      expect(categoryOf(id).id).toBe(id);
      const words = [...vocabulary].filter(([, meanings]) =>
        meanings.some((each) => "category" in each && each.category === id && each.kind !== "hint"),
      );
      expect(words.length).toBeGreaterThan(0);
    }
  });

  it("is found in whole words only", () => {
    const nouns = [...vocabulary].flatMap(([phrase, meanings]) =>
      meanings.some((each) => each.kind === "noun") && !phrase.includes(" ") ? [phrase] : [],
    );
    fc.assert(
      fc.property(fc.constantFrom(...nouns), fc.stringMatching(/^[qxz]{2,4}$/), (noun, more) => {
        expect(mentions({ name: more + noun })).toEqual([]);
        expect(mentions({ name: noun + more })).toEqual([]);
      }),
    );
  });
});

describe("words", () => {
  it("are split where names are", () => {
    expect(wordsIn("remainingSeats")).toEqual(["remaining", "seats"]);
    expect(wordsIn("HTTPCache_v2-entries")).toEqual(["http", "cache", "v", "entries"]);
  });

  it.each(
    "entries entry, statuses status, seats seat, caches cache, boxes box, status status, access access, likes like"
      .split(", ")
      .map((pair) => pair.split(" ") as [string, string]),
  )("%s is %s in the singular", (plural, one) => {
    expect(singular(plural)).toBe(one);
  });
});

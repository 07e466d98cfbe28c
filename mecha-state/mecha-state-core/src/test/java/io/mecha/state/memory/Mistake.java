// SPDX-License-Identifier: Apache-2.0
// Copyright the Mecha authors.
package io.mecha.state.memory;

import io.mecha.state.spi.StateBackend;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** What authors of adapters get wrong, and the behaviour of the contract that notices. */
enum Mistake {
    IGNORES_VERSIONS("Versions", "refusesToReplaceAStaleVersion", MistakenWrites::ignoringVersions),
    REMOVES_STALE_VERSIONS("Versions", "refusesToRemoveAStaleVersion", MistakenWrites::ignoringVersions),
    TAKES_THE_VALUE_FOR_THE_VERSION(
            "Versions",
            "changesTheVersionWithEveryWriteEvenOfTheSameValue",
            MistakenWrites::takingTheValueForTheVersion),
    COMPARES_BEFORE_IT_WRITES("Concurrency", "losesNoIncrement", MistakenWrites::lookingBeforeWriting),
    LOOKS_BEFORE_IT_INSERTS("Concurrency", "letsExactlyOneOfManyPutIfAbsent", MistakenWrites::lookingBeforeWriting),
    FOLDS_CASE("Keys", "keepsLookAlikesApart", MistakenWrites.changingKeys(key -> key.toLowerCase(Locale.ROOT))),
    TRIMS_KEYS("Keys", "keepsLookAlikesApart", MistakenWrites.changingKeys(String::stripTrailing)),
    CUTS_KEYS(
            "Keys",
            "keepsLongKeysApartThatDifferAtTheEnd",
            MistakenWrites.changingKeys(key -> key.substring(0, Math.min(key.length(), 255)))),
    TAKES_EMPTY_FOR_ABSENT("Values", "keepsAnEmptyValueApartFromNone", MistakenWrites::takingEmptyForAbsent),
    TAKES_BYTES_FOR_TEXT("Values", "keepsEveryByte", MistakenWrites::takingBytesForText),
    NEVER_EXPIRES("Expiry", "neverReturnsAnExpiredValue", MistakenWrites.changingTimeToLive(time -> null)),
    COUNTS_WHOLE_SECONDS(
            "Expiry",
            "keepsFractionsOfASecond",
            MistakenWrites.changingTimeToLive(time -> time.truncatedTo(ChronoUnit.SECONDS))),
    KEEPS_THE_EXPIRY("Expiry", "clearsTheExpiryWhenPutAgainWithoutOne", MistakenWrites::keepingTheExpiry),
    STOPS_AT_A_CONFLICT(
            "Bulk", "reportsTheConflictOfEachItemAndAppliesTheRest", MistakenWrites::stoppingABulkAtAConflict),
    WRITES_BACKWARDS("Bulk", "appliesSeveralWritesOfOneKeyInOrder", MistakenWrites::writingABulkBackwards),
    COMMITS_ONE_BY_ONE("Transactional", "appliesNothingWhenARequirementFails", MistakenHandles::committingOneByOne),
    SHOWS_UNCOMMITTED("Transactional", "neverShowsWhatWasNotCommitted", MistakenHandles::committingOneByOne),
    CHECKS_EVERYTHING_FIRST(
            "Transactional",
            "evaluatesPreconditionsAfterEarlierOperationsOfTheSameTransaction",
            MistakenHandles::checkingEverythingFirst),
    FORGETS_REQUIREMENTS("Transactional", "preventsWriteSkewByRequirements", MistakenHandles::forgettingRequirements),
    TAKES_PREFIXES_FOR_PATTERNS("Scanning", "takesEveryPrefixLiterally", MistakenHandles::takingPrefixesForPatterns),
    PAGES_BY_OFFSET("Scanning", "findsEveryKeyThatStaysWhileThoseFoundAreRemoved", MistakenHandles::pagingByOffset),
    SORTS_BY_CHARACTER("Scanning", "ascendsByCodePointIfOrdered", MistakenHandles::sortingByCharacter),
    LOOKS_BEFORE_IT_GRANTS("Leasing", "grantsToExactlyOneOfMany", MistakenLeases::lookingBeforeGranting),
    FORGETS_THE_OWNER("Leasing", "recognisesTheOwnerThatAsksAgain", MistakenLeases::forgettingTheOwner),
    LETS_ANYBODY_RELEASE("Leasing", "releasesOnlyWhatIsHeld", MistakenLeases::lettingAnybodyRelease),
    CALLS_EVERYTHING_RENEWED("Leasing", "renewsOnlyWhatIsHeld", MistakenLeases::callingEverythingRenewed),
    RENEWS_ALL_FOR_THE_LONGEST("Leasing", "renewsManyEachForItsTime", MistakenLeases::renewingAllForTheLongest),
    LEASES_FOR_WHOLE_SECONDS("Leasing", "grantsWhatHasExpired", MistakenLeases::countingWholeSeconds),
    COUNTS_TOKENS_FROM_ONE("Leasing", "beginsTokensAtTheTimeInMicroseconds", MistakenLeases::countingTokensFromOne),
    FOLDS_CASE_OF_NAMES("Leasing", "keepsLookAlikesApart", MistakenLeases::foldingCase),
    IGNORES_FENCES("Fencing", "refusesAnOlderToken", MistakenLeases::ignoringFences),
    LOOKS_AT_FENCES_BEFOREHAND(
            "Fencing", "neverWritesWithAnOlderTokenAfterANewer", MistakenLeases::lookingAtFencesBeforehand),
    TAKES_A_RENEWAL_FOR_A_GRANT("Fencing", "acceptsATokenThatWasRenewed", MistakenLeases::takingARenewalForAGrant),
    TELLS_NOTHING("Notifying", "tellsOfAPut", MistakenHandles::tellingNothing),
    TELLS_FOREVER("Notifying", "fallsSilentWhenClosed", MistakenHandles::tellingForever),
    HIDES_A_CAPABILITY("Backends", "offersExactlyTheExpectedCapabilities", MistakenHandles::hidingACapability),
    FAILS_OBSCURELY_AFTER_CLOSE("Lifecycle", "refusesEveryCallAfterClose", MistakenHandles::failingObscurely),
    CALLS_A_LOST_ANSWER_NOTHING(
            "Faults", "saysThatAPutMayHaveHappenedWhenItsAnswerIsLost", MistakenHandles::callingALostAnswerNothing),
    LETS_OTHER_EXCEPTIONS_THROUGH("Faults", "failsReadsWhileTheServerIsGone", MistakenHandles::failingObscurely),
    REPLAYS_FAILED_WRITES(
            "Faults", "countsEveryWriteOnceWhileTheServerComesAndGoes", MistakenWrites::replayingFailedWrites);

    private final String group;
    private final String behaviour;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state, which its type cannot say
    private final UnaryOperator<StateBackend> mistake;

    Mistake(String group, String behaviour, UnaryOperator<StateBackend> mistake) {
        this.group = group;
        this.behaviour = behaviour;
        this.mistake = mistake;
    }

    String group() {
        return group;
    }

    String behaviour() {
        return behaviour;
    }

    StateBackend makeIn(StateBackend real) {
        return mistake.apply(real);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.podseal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.podseal.ErrorCode;
import io.podseal.PodsealException;
import io.podseal.store.SecretSource;
import io.podseal.store.SourceItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a carrier can do wrong, and the rule that finds it. */
enum Fault {
    TRIMS(
            "itemsAreDeliveredByteForByteUnderTheirNames",
            good -> reading(good, item -> {
                String text = new String(item.content(), UTF_8);
                return new SourceItem(item.name(), text.trim().getBytes(UTF_8));
            })),

    RENAMES(
            "itemsAreDeliveredByteForByteUnderTheirNames",
            good -> reading(good, item -> new SourceItem(item.name().replace('.', '_'), item.content()))),

    DELIVERS_TWICE("itemsAreDeliveredByteForByteUnderTheirNames", good -> new PassingSource(good) {
        @Override
        public List<SourceItem> read() {
            List<SourceItem> twice = new ArrayList<>(good.read());
            twice.addAll(good.read());
            return twice;
        }
    }),

    LEAVES_EMPTY_ITEMS_OUT("emptyItemIsAnItem", good -> new PassingSource(good) {
        @Override
        public List<SourceItem> read() {
            return good.read().stream()
                    .filter(item -> item.content().length > 0)
                    .toList();
        }
    }),

    REUSES_ITS_BUFFERS("whatWasReadStaysAsItWas", good -> new PassingSource(good) {
        private List<SourceItem> last = List.of();

        @Override
        public List<SourceItem> read() {
            last.forEach(item -> Arrays.fill(item.content(), (byte) 0));
            last = good.read();
            return last;
        }
    }),

    KNOWS_ONE_THREAD("threadsDoNotDisturbEachOther", good -> new PassingSource(good) {
        private final Thread maker = Thread.currentThread();

        @Override
        public List<SourceItem> read() {
            return Thread.currentThread() == maker ? good.read() : List.of();
        }
    }),

    IS_OF_ANOTHER_SECRET("storeOpensWhatWasSealedForItsItems", good -> new PassingSource(good) {
        private int asked;

        @Override
        public String secretName() {
            return "secret-" + asked++;
        }
    }),

    READS_BEFORE_IT_IS_ASKED("whatIsNotThereIsMissing", good -> {
        good.read();
        return good;
    }),

    ANSWERS_NOTHING("whatIsNotThereIsMissing", Fault::nothingForMissing),

    TAKES_EMPTY_FOR_PRESENT("placeWithoutItemsIsMissing", Fault::nothingForMissing),

    TAKES_UNREADABLE_FOR_ABSENT("unreadablePlaceIsNotTakenForAbsent", Fault::missingForFault),

    THROWS_WHAT_IT_CATCHES("unreadablePlaceIsNotTakenForAbsent", good -> new PassingSource(good) {
        @Override
        public List<SourceItem> read() {
            try {
                return good.read();
            } catch (PodsealException refused) {
                throw new UncheckedIOException(new IOException(refused));
            }
        }
    }),

    CUTS_LARGE_ITEMS("itemsAreReadUpToTheLimitAndNeverCut", good -> cutting(good, SecretSource.MAX_ITEM_BYTES)),

    CUTS_AT_A_LIMIT_OF_ITS_OWN("itemsAreReadUpToTheLimitAndNeverCut", good -> cutting(good, 65536)),

    SHOWS_WHAT_IS_TOO_LARGE("itemsAreReadUpToTheLimitAndNeverCut", good -> new PassingSource(good) {
        @Override
        public List<SourceItem> read() {
            try {
                return good.read();
            } catch (PodsealException refused) {
                throw refused.code().because("too large: " + beginning(refused));
            }
        }

        private static String beginning(PodsealException refused) {
            Path file = Path.of(refused.detail().split(" ", 2)[0]);
            try (InputStream in = Files.newInputStream(file)) {
                return new String(in.readNBytes(100), UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }),

    STOPS_AT_A_HUNDRED_ITEMS("asManyItemsAreReadAsTheLimitAllows", good -> new PassingSource(good) {
        @Override
        public List<SourceItem> read() {
            return good.read().stream().limit(100).toList();
        }
    }),

    SAYS_NO_PLACE("toStringSaysWhereAndNothingOfWhatStandsThere", good -> new PassingSource(good) {
        @Override
        public String toString() {
            return "Carrier@" + Integer.toHexString(System.identityHashCode(this));
        }
    }),

    SAYS_WHAT_IT_READ("toStringSaysWhereAndNothingOfWhatStandsThere", good -> new PassingSource(good) {
        @Override
        public String toString() {
            return good + " " + new String(good.read().get(0).content(), UTF_8);
        }
    }),

    CLOSES_ONCE("sourceMayBeClosedTwiceAndUnread", good -> new PassingSource(good) {
        private boolean closed;

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            closed = true;
        }
    }),

    KEEPS_A_THREAD("closedSourcesLeaveNothingBehind", good -> {
        Thread thread = new Thread(() -> await(new CountDownLatch(1)), "left-behind");
        thread.setDaemon(true);
        thread.start();
        return good;
    }),

    KEEPS_A_FILE_OPEN("closedSourcesLeaveNothingBehind", good -> {
        try {
            Kept.FILES.add(Files.newInputStream(Path.of("/dev/null")));
            return good;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }),

    IS_NOT_LIVE("sourceSaysThatItIsLive", good -> new PassingSource(good) {
        @Override
        public boolean isLive() {
            return false;
        }
    }),

    REMEMBERS("readingGivesWhatStandsThereNow", good -> new PassingSource(good) {
        private @Nullable List<SourceItem> first;

        @Override
        public List<SourceItem> read() {
            if (first == null) {
                first = good.read();
            }
            return first;
        }
    }),

    MIXES_STATES("everyReadingIsOneState", good -> new PassingSource(good) {
        private final List<SourceItem> former = new ArrayList<>();

        @Override
        public synchronized List<SourceItem> read() {
            List<SourceItem> mixed = new ArrayList<>(good.read());
            if (former.isEmpty()) {
                former.addAll(mixed);
            }
            mixed.removeIf(item -> item.name().equals(former.get(0).name()));
            mixed.add(former.get(0));
            return mixed;
        }
    }),

    IS_DEAF("changesAreTold", Fault::deaf),

    HEARS_ONCE("changesAreTold", good -> new PassingSource(good) {
        @Override
        public Watch watch(Executor executor, Runnable changed) {
            changed.run();
            return () -> {};
        }
    }),

    MISSES_WHAT_WAS_BEFORE("changeBeforeTheWatchIsTold", good -> new PassingSource(good) {
        @Override
        public Watch watch(Executor executor, Runnable changed) {
            String before = texts(good);
            return good.watch(executor, () -> {
                if (!texts(good).equals(before)) {
                    changed.run();
                }
            });
        }
    }),

    TELLS_AFTER_THE_END("closedWatchTellsNothingAndGivesItsThreadBack", good -> new PassingSource(good) {
        @Override
        public Watch watch(Executor executor, Runnable changed) {
            Thread[] own = new Thread[1];
            Watch watch = good.watch(
                    task -> {
                        own[0] = new Thread(task);
                        own[0].setDaemon(true);
                        own[0].start();
                    },
                    changed);
            Kept.WATCHES.add(watch);
            return () -> {};
        }
    }),

    KEEPS_THE_EXECUTORS_THREAD("closedWatchTellsNothingAndGivesItsThreadBack", good -> new PassingSource(good) {
        @Override
        public Watch watch(Executor executor, Runnable changed) {
            Watch watch = good.watch(
                    task -> executor.execute(() -> {
                        task.run();
                        await(new CountDownLatch(1));
                    }),
                    changed);
            return watch;
        }
    }),

    LETS_A_STORE_WAIT_FOR_A_POLL("storeFollowsAChange", Fault::deaf),

    DELETES_ON_A_FAULT("storeTellsAFaultFromADeletion", Fault::missingForFault);

    /** The name of the test that fails. */
    final String rule;

    private final UnaryOperator<SecretSource> breaking;

    Fault(String rule, UnaryOperator<SecretSource> breaking) {
        this.rule = rule;
        this.breaking = breaking;
    }

    SecretSource of(SecretSource good) {
        return breaking.apply(good);
    }

    /** What nobody closes. */
    private static final class Kept {
        static final List<InputStream> FILES = new ArrayList<>();
        static final List<SecretSource.Watch> WATCHES = new ArrayList<>();
    }

    private static SecretSource reading(SecretSource good, UnaryOperator<SourceItem> wrong) {
        return new PassingSource(good) {
            @Override
            public List<SourceItem> read() {
                return good.read().stream().map(wrong).toList();
            }
        };
    }

    private static SecretSource cutting(SecretSource good, int limit) {
        return new PassingSource(good) {
            private List<SourceItem> last = List.of();

            @Override
            public List<SourceItem> read() {
                try {
                    last = good.read();
                } catch (PodsealException refused) {
                    if (refused.code() != ErrorCode.SIZE) {
                        throw refused;
                    }
                    last = List.of(new SourceItem("password", new byte[limit]));
                }
                return last.stream()
                        .map(item -> new SourceItem(
                                item.name(), Arrays.copyOf(item.content(), Math.min(limit, item.content().length))))
                        .toList();
            }
        };
    }

    private static SecretSource nothingForMissing(SecretSource good) {
        return new PassingSource(good) {
            @Override
            public List<SourceItem> read() {
                try {
                    return good.read();
                } catch (PodsealException refused) {
                    if (refused.code() == ErrorCode.SOURCE_MISSING) {
                        return List.of();
                    }
                    throw refused;
                }
            }
        };
    }

    private static SecretSource missingForFault(SecretSource good) {
        return new PassingSource(good) {
            @Override
            public List<SourceItem> read() {
                try {
                    return good.read();
                } catch (PodsealException refused) {
                    throw ErrorCode.SOURCE_MISSING.because("cannot be read", refused);
                }
            }
        };
    }

    private static SecretSource deaf(SecretSource good) {
        return new PassingSource(good) {
            @Override
            public Watch watch(Executor executor, Runnable changed) {
                return () -> {};
            }
        };
    }

    private static String texts(SecretSource source) {
        StringBuilder texts = new StringBuilder();
        source.read().forEach(item -> texts.append(new String(item.content(), UTF_8)));
        return texts.toString();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

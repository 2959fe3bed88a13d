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
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a carrier can do wrong, and the rule that finds it. */
enum BrokenCarrier {
    TRIMS(
            "itemsAreDeliveredByteForByteUnderTheirNames",
            "gave other bytes",
            good -> reading(good, item -> {
                String text = new String(item.content(), UTF_8);
                return new SourceItem(item.name(), text.trim().getBytes(UTF_8));
            })),

    RENAMES(
            "itemsAreDeliveredByteForByteUnderTheirNames",
            "gave other names",
            good -> reading(good, item -> new SourceItem(item.name().replace('.', '_'), item.content()))),

    DELIVERS_TWICE(
            "itemsAreDeliveredByteForByteUnderTheirNames", "gave a name twice", good -> new ForwardingSource(good) {
                @Override
                public List<SourceItem> read() {
                    List<SourceItem> twice = new ArrayList<>(good.read());
                    twice.addAll(good.read());
                    return twice;
                }
            }),

    LEAVES_EMPTY_ITEMS_OUT("emptyItemIsAnItem", "gave other names", good -> new ForwardingSource(good) {
        @Override
        public List<SourceItem> read() {
            return good.read().stream()
                    .filter(item -> item.content().length > 0)
                    .toList();
        }
    }),

    REUSES_ITS_BUFFERS("whatWasReadStaysAsItWas", "gave other bytes", good -> new ForwardingSource(good) {
        private List<SourceItem> last = List.of();

        @Override
        public List<SourceItem> read() {
            last.forEach(item -> Arrays.fill(item.content(), (byte) 0));
            last = good.read();
            return last;
        }
    }),

    KNOWS_ONE_THREAD("threadsDoNotDisturbEachOther", "gave other names", good -> new ForwardingSource(good) {
        private final Thread maker = Thread.currentThread();

        @Override
        public List<SourceItem> read() {
            return Thread.currentThread() == maker ? good.read() : List.of();
        }
    }),

    IS_OF_ANOTHER_SECRET("storeOpensWhatWasSealedForItsItems", "found in Secret other", BrokenCarrier::named),

    SAYS_A_WRONG_NAME("nameOfTheSecretIsKnownOnceItWasReadAndStays", "names another Secret", BrokenCarrier::named),

    CHANGES_ITS_NAME(
            "nameOfTheSecretIsKnownOnceItWasReadAndStays", "names another Secret", good -> new ForwardingSource(good) {
                private int asked;

                @Override
                public String secretName() {
                    return asked++ < 2 ? good.secretName() : "other";
                }
            }),

    READS_NOTHING_WITHOUT_WAITING(
            "whatIsThereIsReadWithoutWaiting", "SOURCE_MISSING", good -> new ForwardingSource(good) {
                @Override
                public List<SourceItem> readWithoutWaiting() {
                    throw ErrorCode.SOURCE_MISSING.because("not yet");
                }
            }),

    SAYS_IT_IS_NOT_CONFIGURED(
            "whatIsThereIsReadWithoutWaiting", "says that it is not configured", good -> new ForwardingSource(good) {
                @Override
                public boolean isConfigured() {
                    return false;
                }
            }),

    READS_BEFORE_IT_IS_ASKED("whatIsNotThereIsMissing", "SOURCE_MISSING", good -> {
        good.read();
        return good;
    }),

    ANSWERS_NOTHING("whatIsNotThereIsMissing", "has to refuse with [SOURCE_MISSING]", BrokenCarrier::nothingForMissing),

    TAKES_EMPTY_FOR_PRESENT(
            "placeWithoutItemsIsMissing", "has to refuse with [SOURCE_MISSING]", BrokenCarrier::nothingForMissing),

    TAKES_UNREADABLE_FOR_ABSENT(
            "unreadablePlaceIsNotTakenForAbsent", "SOURCE_MISSING: cannot be read", BrokenCarrier::missingForFault),

    THROWS_WHAT_IT_CATCHES(
            "unreadablePlaceIsNotTakenForAbsent", "UncheckedIOException", good -> new ForwardingSource(good) {
                @Override
                public List<SourceItem> read() {
                    try {
                        return good.read();
                    } catch (PodsealException refused) {
                        throw new UncheckedIOException(new IOException(refused));
                    }
                }
            }),

    CUTS_LARGE_ITEMS(
            "itemsAreReadUpToTheLimitAndNeverCut",
            "has to refuse with [SIZE]",
            good -> cutting(good, SecretSource.MAX_ITEM_BYTES)),

    CUTS_AT_A_LIMIT_OF_ITS_OWN("itemsAreReadUpToTheLimitAndNeverCut", "gave other bytes", good -> cutting(good, 65536)),

    SHOWS_WHAT_IS_TOO_LARGE("itemsAreReadUpToTheLimitAndNeverCut", "content", good -> new ForwardingSource(good) {
        @Override
        public List<SourceItem> read() {
            try {
                return good.read();
            } catch (PodsealException refused) {
                throw refused.code().because("too large: " + Delivered.first());
            }
        }
    }),

    STOPS_AT_A_HUNDRED_ITEMS(
            "asManyItemsAreReadAsTheLimitAllows", "gave other names", good -> new ForwardingSource(good) {
                @Override
                public List<SourceItem> read() {
                    return good.read().stream().limit(100).toList();
                }
            }),

    SAYS_NO_PLACE("toStringSaysWhereAndNothingOfWhatStandsThere", "no place", good -> new ForwardingSource(good) {
        @Override
        public String toString() {
            return "Carrier@" + Integer.toHexString(System.identityHashCode(this));
        }
    }),

    SAYS_WHAT_IT_READ("toStringSaysWhereAndNothingOfWhatStandsThere", "content", good -> new ForwardingSource(good) {
        @Override
        public String toString() {
            return good + " " + new String(good.read().get(0).content(), UTF_8);
        }
    }),

    CLOSES_ONCE("sourceMayBeClosedTwiceAndUnread", "closed", good -> new ForwardingSource(good) {
        private boolean closed;

        @Override
        public void close() {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            closed = true;
        }
    }),

    KEEPS_A_THREAD("closedSourcesLeaveNothingBehind", "left-behind", good -> {
        Thread thread = new Thread(() -> await(new CountDownLatch(1)), "left-behind");
        thread.setDaemon(true);
        thread.start();
        return good;
    }),

    KEEPS_A_FILE_OPEN("closedSourcesLeaveNothingBehind", "/dev/null", good -> {
        try {
            Kept.FILES.add(Files.newInputStream(Path.of("/dev/null")));
            return good;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }),

    IS_NOT_LIVE("sourceSaysThatItIsLive", "isLive()", good -> new ForwardingSource(good) {
        @Override
        public boolean isLive() {
            return false;
        }
    }),

    REMEMBERS("readingGivesWhatStandsThereNow", "gave other", good -> new ForwardingSource(good) {
        private @Nullable List<SourceItem> first;

        @Override
        public List<SourceItem> read() {
            if (first == null) {
                first = good.read();
            }
            return first;
        }
    }),

    MIXES_STATES("everyReadingIsOneState", "gave a mix of two states", good -> new ForwardingSource(good) {
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

    TEARS("everyReadingIsOneState", "gave a mix of two states", good -> new ForwardingSource(good) {
        private final Thread deliverer = Thread.currentThread();

        /** Half before a change and half behind it, wherever one is to come. */
        @Override
        public List<SourceItem> read() {
            List<SourceItem> torn = new ArrayList<>(good.read());
            if (Thread.currentThread() == deliverer) {
                return torn;
            }
            Delivered.awaitNext();
            List<SourceItem> later = good.read();
            String first = torn.get(0).name();
            torn.removeIf(item -> !item.name().equals(first));
            later.stream().filter(item -> !item.name().equals(first)).forEach(torn::add);
            return torn;
        }
    }),

    BLOCKS_IN_WATCH("watchReturnsAtOnce", "has to return at once", good -> new ForwardingSource(good) {
        @Override
        public Watch watch(Executor executor, Runnable changed) {
            await(new CountDownLatch(1));
            return () -> {};
        }
    }),

    IS_DEAF("changesAreTold", "nothing was told", BrokenCarrier::deaf),

    HEARS_ONCE("changesAreTold", "nothing was told", good -> new ForwardingSource(good) {
        @Override
        public Watch watch(Executor executor, Runnable changed) {
            changed.run();
            return () -> {};
        }
    }),

    MISSES_WHAT_WAS_BEFORE("changeBeforeTheWatchIsTold", "nothing was told", good -> new ForwardingSource(good) {
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

    TELLS_AFTER_THE_END(
            "closedWatchTellsNothingAndGivesItsThreadBack",
            "gave after its watch was closed",
            good -> new ForwardingSource(good) {
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

    KEEPS_THE_EXECUTORS_THREAD(
            "closedWatchTellsNothingAndGivesItsThreadBack", "keeps its thread", good -> new ForwardingSource(good) {
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

    LETS_A_STORE_WAIT_FOR_A_POLL("storeFollowsAChange", "no new generation", BrokenCarrier::deaf),

    DELETES_ON_A_FAULT("storeTellsAFaultFromADeletion", "a fault withdrew the values", BrokenCarrier::missingForFault);

    /** The name of the test that fails. */
    final String rule;

    /** What it says of the carrier. */
    final String blame;

    private final UnaryOperator<SecretSource> breaking;

    BrokenCarrier(String rule, String blame, UnaryOperator<SecretSource> breaking) {
        this.rule = rule;
        this.blame = blame;
        this.breaking = breaking;
    }

    SecretSource of(SecretSource good) {
        return breaking.apply(good);
    }

    /** Whether the rule finds it by nothing coming, in any time. */
    boolean isSilent() {
        return switch (this) {
            case KEEPS_A_THREAD,
                    KEEPS_A_FILE_OPEN,
                    BLOCKS_IN_WATCH,
                    IS_DEAF,
                    HEARS_ONCE,
                    MISSES_WHAT_WAS_BEFORE,
                    KEEPS_THE_EXECUTORS_THREAD,
                    LETS_A_STORE_WAIT_FOR_A_POLL -> true;
            default -> false;
        };
    }

    /** What was delivered to the place last, and how often. */
    static final class Delivered {
        private static int times;
        private static Map<String, byte[]> items = Map.of();

        static synchronized void now(Map<String, byte[]> delivered) {
            items = delivered;
            times++;
            Delivered.class.notifyAll();
        }

        static synchronized String first() {
            return new String(items.values().iterator().next(), UTF_8);
        }

        static synchronized void awaitNext() {
            try {
                for (int before = times; times == before; ) {
                    Delivered.class.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What nobody closes. */
    private static final class Kept {
        static final List<InputStream> FILES = new ArrayList<>();
        static final List<SecretSource.Watch> WATCHES = new ArrayList<>();
    }

    private static SecretSource reading(SecretSource good, UnaryOperator<SourceItem> wrong) {
        return new ForwardingSource(good) {
            @Override
            public List<SourceItem> read() {
                return good.read().stream().map(wrong).toList();
            }
        };
    }

    private static SecretSource cutting(SecretSource good, int limit) {
        return new ForwardingSource(good) {
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
        return new ForwardingSource(good) {
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
        return new ForwardingSource(good) {
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

    private static SecretSource named(SecretSource good) {
        return new ForwardingSource(good) {
            @Override
            public String secretName() {
                return "other";
            }
        };
    }

    private static SecretSource deaf(SecretSource good) {
        return new ForwardingSource(good) {
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

// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code podseal}. */
@Command(
        name = "podseal",
        description = "Seals values that only one Kubernetes ServiceAccount's application can open.",
        versionProvider = Podseal.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT)
public final class Podseal implements Runnable {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "On a failure, print the stack trace too.")
    private boolean debug;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private Podseal() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Streams.ofProcess(), arguments));
    }

    static int run(Streams streams, String... arguments) {
        Podseal podseal = new Podseal();
        CommandLine commandLine = new CommandLine(podseal)
                .addSubcommand(new Group("kek", "Key-encryption keys.", new KekCreate()).commandLine())
                .addSubcommand(new Group(
                                "keyset",
                                "A workload's keys, wrapped for KEKs.",
                                new KeysetCreate(streams),
                                new KeysetInspect(streams),
                                new KeysetManifest(streams),
                                new KeysetRotate(streams),
                                new KeysetPromote(streams),
                                new KeysetRetire(streams),
                                new KeysetRewrap(streams))
                        .commandLine())
                .addSubcommand(new Seal(streams))
                .addSubcommand(new Open(streams))
                .addSubcommand(new Group(
                                "print",
                                "What a cluster or a KMS has to be told.",
                                new PrintRbac(streams),
                                new PrintAdmissionPolicy(streams),
                                new PrintPolicy(streams))
                        .commandLine())
                .addSubcommand(new Inspect(streams));
        Word.register(commandLine);
        Refusal refusal = new Refusal(streams, () -> podseal.debug);
        return commandLine
                // A file name may begin with '@'.
                .setExpandAtFiles(false)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setOut(streams.help())
                .setParameterExceptionHandler(refusal)
                .setExecutionExceptionHandler(refusal)
                .execute(arguments);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Podseal.class.getPackage().getImplementationVersion();
            return new String[] {"podseal " + (version == null ? "(unpackaged)" : version)};
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.podseal.cli;

import io.podseal.ErrorCode;
import io.podseal.OneLine;
import io.podseal.PodsealException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever stopped a command into one line on standard error and an exit code: 1 refused or failed, 2 wrong usage. */
final class Refusal implements IParameterExceptionHandler, IExecutionExceptionHandler {
    private static final int REFUSED = 1;
    private static final int USAGE = 2;

    private final Streams streams;
    private final BooleanSupplier debug;

    Refusal(Streams streams, BooleanSupplier debug) {
        this.streams = streams;
        this.debug = debug;
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        print(
                ErrorCode.CONFIGURATION,
                message(wrong) + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
        return USAGE;
    }

    /** What went wrong, without repeating an argument that may be a value given in the wrong place. */
    private static String message(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String first = unmatched.getUnmatched().get(0);
            return first.matches("--?[a-z][-a-z]*(=.*)?")
                    ? "unknown option " + first.replaceFirst("=.*", "")
                    : "an argument that is no command and belongs to no option; values are read from standard input or"
                            + " --in, never from arguments";
        }
        return String.valueOf(wrong.getMessage()).replaceFirst("but found '.*", "but found something else");
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof PodsealException refused) {
            print(refused.code(), refused.detail());
        } else {
            print(
                    ErrorCode.CONFIGURATION,
                    "unexpected " + failure.getClass().getName() + "; run again with --debug and report this");
        }
        if (debug.getAsBoolean()) {
            failure.printStackTrace(streams.err());
        }
        return REFUSED;
    }

    private void print(ErrorCode code, String detail) {
        streams.err().println("podseal: " + code + ": " + OneLine.of(detail));
    }
}

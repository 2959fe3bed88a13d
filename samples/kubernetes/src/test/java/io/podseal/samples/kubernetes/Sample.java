// SPDX-License-Identifier: Apache-2.0
package io.podseal.samples.kubernetes;

import java.nio.file.Path;

/** One of the runnable samples. */
enum Sample {
    SPRING("sample.spring") {
        @Override
        void logEverything(Pod.Description pod, Path file, String inEachLine) {
            pod.withProperty("logging.level.root", "TRACE")
                    .withProperty("logging.level.io.fabric8.kubernetes.client.jdkhttp.JdkWebSocketImpl", "TRACE")
                    .withProperty("logging.threshold.console", "OFF")
                    .withProperty("spring.application.name", inEachLine)
                    .withProperty("logging.file.name", file.toString());
        }
    },
    MICRONAUT("sample.micronaut") {
        @Override
        void logEverything(Pod.Description pod, Path file, String inEachLine) {
            pod.withProperty("logback.configurationFile", Pod.resource("trace-logback.xml"))
                    .withProperty("in.each.line", inEachLine)
                    .withProperty("log.file", file.toString());
        }
    };

    private final String jar;

    Sample(String jar) {
        this.jar = jar;
    }

    String jar() {
        return System.getProperty(jar);
    }

    /** Writes everything to a log file, with that text in each line. */
    abstract void logEverything(Pod.Description pod, Path file, String inEachLine);
}

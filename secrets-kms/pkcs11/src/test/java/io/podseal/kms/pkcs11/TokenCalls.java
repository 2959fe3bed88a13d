// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.pkcs11;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequestManager;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts how often another process has its token encrypt or decrypt, by a breakpoint where the JDK's cipher hands the data
 * over. OpenSC's recorder cannot: it reads past the parameters that the JDK passes for AES-GCM.
 */
final class TokenCalls {
    /** What a process has to find in its environment to wait for its watcher. */
    static final Map<String, String> WAITING =
            Map.of("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:0");

    private static final String CIPHER = "sun.security.pkcs11.P11AEADCipher";
    private static final String HANDS_OVER = "implDoFinal";

    private final AtomicInteger calls = new AtomicInteger();

    private TokenCalls() {}

    /** Watches a process that waits for it. */
    static TokenCalls of(TokenProcess waiting) throws IOException {
        String listening = waiting.line();
        String port = listening.substring(listening.lastIndexOf(' ') + 1);
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(c -> c.name().equals("com.sun.jdi.SocketAttach"))
                .findFirst()
                .orElseThrow();
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(port);
        TokenCalls counted = new TokenCalls();
        try {
            VirtualMachine process = connector.attach(arguments);
            ClassPrepareRequest loading = process.eventRequestManager().createClassPrepareRequest();
            loading.addClassFilter(CIPHER);
            loading.enable();
            Thread thread = new Thread(() -> counted.count(process), "token-calls");
            thread.setDaemon(true);
            thread.start();
        } catch (IllegalConnectorArgumentsException e) {
            throw new AssertionError(e);
        }
        return counted;
    }

    private void count(VirtualMachine process) {
        EventRequestManager requests = process.eventRequestManager();
        try {
            while (true) {
                EventSet events = process.eventQueue().remove();
                for (Event event : events) {
                    if (event instanceof ClassPrepareEvent loaded) {
                        for (Method method : loaded.referenceType().methodsByName(HANDS_OVER)) {
                            requests.createBreakpointRequest(method.location()).enable();
                        }
                    } else if (event instanceof BreakpointEvent) {
                        calls.incrementAndGet(); // the process stands still until it is counted
                    }
                }
                events.resume();
            }
        } catch (VMDisconnectedException | InterruptedException ended) {
            // with the process
        }
    }

    int count() {
        return calls.get();
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.podseal.kms.gcp;

import com.google.cloud.kms.v1.DecryptRequest;
import com.google.cloud.kms.v1.DecryptResponse;
import com.google.cloud.kms.v1.EncryptRequest;
import com.google.cloud.kms.v1.EncryptResponse;
import com.google.cloud.kms.v1.KeyManagementServiceGrpc.KeyManagementServiceImplBase;
import com.google.protobuf.ByteString;
import com.google.protobuf.Int64Value;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.podseal.kms.LoopbackTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Not Google Cloud KMS: Encrypt and Decrypt of its published API over gRPC and TLS on loopback. It checks the bearer token, the
 * permission on the key, the routing header, every CRC32C, the associated data and the state of the key version, and refuses
 * with the status that the API documents. Faults are injected by replacing what arrives or what is answered.
 */
final class FakeCloudKms extends KeyManagementServiceImplBase implements AutoCloseable {
    /** Of every such server. */
    static final LoopbackTls TLS = LoopbackTls.of("ip:127.0.0.1");

    static final String USE_TO_ENCRYPT = "cloudkms.cryptoKeyVersions.useToEncrypt";
    static final String USE_TO_DECRYPT = "cloudkms.cryptoKeyVersions.useToDecrypt";

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> ROUTING =
            Metadata.Key.of("x-goog-request-params", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> TOKEN = Context.key("token");
    private static final Context.Key<String> ROUTE = Context.key("route");
    private static final int NONCE_BYTES = 12;

    /** A CryptoKey with its versions: the material, or null once it is disabled or destroyed. */
    private final Map<String, TreeMap<Integer, byte[]>> keys = new ConcurrentHashMap<>();

    private final Map<String, Set<String>> grants = new ConcurrentHashMap<>();
    private final Server server;

    /** Every call that reached the service, as {@code <method> <key>}. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    /** How many are open. */
    final AtomicInteger connections = new AtomicInteger();

    volatile UnaryOperator<EncryptRequest> arrivingEncrypt = request -> request;
    volatile UnaryOperator<DecryptRequest> arrivingDecrypt = request -> request;
    volatile UnaryOperator<EncryptResponse> leavingEncrypt = answer -> answer;
    volatile UnaryOperator<DecryptResponse> leavingDecrypt = answer -> answer;

    FakeCloudKms() throws IOException, GeneralSecurityException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", 0),
                        TlsServerCredentials.newBuilder()
                                .keyManager(TLS.keyManagers())
                                .build())
                .addService(this)
                .intercept(new Headers())
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        connections.incrementAndGet();
                        return attributes;
                    }

                    @Override
                    public void transportTerminated(Attributes attributes) {
                        connections.decrementAndGet();
                    }
                })
                .build()
                .start();
    }

    private static final class Headers implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            Context context = Context.current()
                    .withValue(TOKEN, String.valueOf(headers.get(AUTHORIZATION)))
                    .withValue(ROUTE, String.valueOf(headers.get(ROUTING)));
            return Contexts.interceptCall(context, call, headers, next);
        }
    }

    String endpoint() {
        return "127.0.0.1:" + server.getPort();
    }

    /** A new CryptoKey with one version. */
    FakeCloudKms key(String name) {
        keys.put(name, new TreeMap<>());
        rotate(name);
        return this;
    }

    /** A new primary version. */
    void rotate(String name) {
        byte[] material = new byte[32];
        new SecureRandom().nextBytes(material);
        keys.get(name).put(keys.get(name).size() + 1, material);
    }

    /** Takes a version away, as disabling, scheduling for destruction and destroying do. */
    void disable(String name, int version) {
        keys.get(name).put(version, null);
    }

    FakeCloudKms grant(String token, String permission, String key) {
        grants.computeIfAbsent("Bearer " + token, t -> ConcurrentHashMap.newKeySet())
                .add(permission + " " + key);
        return this;
    }

    /** What the headers of a call say, for a front that is not gRPC. */
    static Context called(String authorization, String key) {
        return Context.current().withValue(TOKEN, authorization).withValue(ROUTE, routing(key));
    }

    private static String routing(String key) {
        return "name=" + key.replace("/", "%2F");
    }

    @Override
    public void encrypt(EncryptRequest sent, StreamObserver<EncryptResponse> observer) {
        calls.add("Encrypt " + sent.getName());
        answer(observer, () -> leavingEncrypt.apply(encrypted(arrivingEncrypt.apply(sent))));
    }

    @Override
    public void decrypt(DecryptRequest sent, StreamObserver<DecryptResponse> observer) {
        calls.add("Decrypt " + sent.getName());
        answer(observer, () -> leavingDecrypt.apply(decrypted(arrivingDecrypt.apply(sent))));
    }

    private static <A> void answer(StreamObserver<A> observer, Supplier<A> answer) {
        try {
            observer.onNext(answer.get());
            observer.onCompleted();
        } catch (StatusRuntimeException refused) {
            observer.onError(refused);
        }
    }

    private EncryptResponse encrypted(EncryptRequest request) {
        authorise(USE_TO_ENCRYPT, request.getName());
        if (request.getPlaintext().size() > 64 * 1024) {
            throw refused(Status.INVALID_ARGUMENT, "The plaintext is too large.");
        }
        boolean plaintext = checksum(
                "plaintext_crc32c", request.hasPlaintextCrc32C(), request.getPlaintextCrc32C(), request.getPlaintext());
        boolean aad = checksum(
                "additional_authenticated_data_crc32c",
                request.hasAdditionalAuthenticatedDataCrc32C(),
                request.getAdditionalAuthenticatedDataCrc32C(),
                request.getAdditionalAuthenticatedData());
        int version = keys.get(request.getName()).lastKey();
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        byte[] sealed = cipher(
                Cipher.ENCRYPT_MODE,
                material(request.getName(), version),
                nonce,
                request.getAdditionalAuthenticatedData(),
                request.getPlaintext().toByteArray());
        ByteString ciphertext = ByteString.copyFrom(ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                .put((byte) version)
                .put(nonce)
                .put(sealed)
                .flip());
        return EncryptResponse.newBuilder()
                .setName(request.getName() + "/cryptoKeyVersions/" + version)
                .setCiphertext(ciphertext)
                .setCiphertextCrc32C(crc32c(ciphertext))
                .setVerifiedPlaintextCrc32C(plaintext)
                .setVerifiedAdditionalAuthenticatedDataCrc32C(aad)
                .build();
    }

    private DecryptResponse decrypted(DecryptRequest request) {
        authorise(USE_TO_DECRYPT, request.getName());
        checksum(
                "ciphertext_crc32c",
                request.hasCiphertextCrc32C(),
                request.getCiphertextCrc32C(),
                request.getCiphertext());
        checksum(
                "additional_authenticated_data_crc32c",
                request.hasAdditionalAuthenticatedDataCrc32C(),
                request.getAdditionalAuthenticatedDataCrc32C(),
                request.getAdditionalAuthenticatedData());
        ByteBuffer in = request.getCiphertext().asReadOnlyByteBuffer();
        if (in.remaining() <= NONCE_BYTES || !keys.get(request.getName()).containsKey((int) in.get(0))) {
            throw invalid();
        }
        byte[] material = material(request.getName(), in.get());
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(nonce);
        byte[] sealed = new byte[in.remaining()];
        in.get(sealed);
        ByteString plaintext = ByteString.copyFrom(
                cipher(Cipher.DECRYPT_MODE, material, nonce, request.getAdditionalAuthenticatedData(), sealed));
        return DecryptResponse.newBuilder()
                .setPlaintext(plaintext)
                .setPlaintextCrc32C(crc32c(plaintext))
                .build();
    }

    private void authorise(String permission, String key) {
        Set<String> granted = grants.get(TOKEN.get());
        if (granted == null) {
            throw refused(Status.UNAUTHENTICATED, "Request had invalid authentication credentials: " + TOKEN.get());
        }
        if (!ROUTE.get().equals(routing(key))) {
            throw refused(
                    Status.INVALID_ARGUMENT, "Missing routing header, or it is of another resource: " + ROUTE.get());
        }
        if (!granted.contains(permission + " " + key)) {
            throw refused(
                    Status.PERMISSION_DENIED,
                    "Permission '" + permission + "' denied on resource '" + key + "' (or it may not exist), "
                            + TOKEN.get());
        }
        if (!keys.containsKey(key)) {
            throw refused(Status.NOT_FOUND, "CryptoKey " + key + " not found.");
        }
    }

    private byte[] material(String key, int version) {
        byte[] material = keys.get(key).get(version);
        if (material == null) {
            throw refused(
                    Status.FAILED_PRECONDITION,
                    key + "/cryptoKeyVersions/" + version + " is not enabled, current state is: DISABLED.");
        }
        return material;
    }

    private static byte[] cipher(int mode, byte[] material, byte[] nonce, ByteString aad, byte[] in) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(material, "AES"), new GCMParameterSpec(128, nonce));
            cipher.updateAAD(aad.toByteArray());
            return cipher.doFinal(in);
        } catch (AEADBadTagException | ProviderException e) { // the latter for what is shorter than a tag
            throw invalid();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static StatusRuntimeException invalid() {
        return refused(Status.INVALID_ARGUMENT, "Decryption failed: the ciphertext is invalid.");
    }

    private static boolean checksum(String field, boolean present, Int64Value sent, ByteString data) {
        if (present && !sent.equals(crc32c(data))) {
            throw refused(
                    Status.INVALID_ARGUMENT,
                    "The checksum in field " + field + " did not match the data in field "
                            + field.replace("_crc32c", "") + ".");
        }
        return present;
    }

    static Int64Value crc32c(ByteString data) {
        CRC32C checksum = new CRC32C();
        checksum.update(data.toByteArray());
        return Int64Value.of(checksum.getValue());
    }

    static StatusRuntimeException refused(Status status, String text) {
        return status.withDescription(text).asRuntimeException();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}

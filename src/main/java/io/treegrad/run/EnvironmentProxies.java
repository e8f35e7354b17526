package io.treegrad.run;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code NO_PROXY} specify, as curl reads them. Java itself
 * looks only at system properties such as {@code https.proxyHost}, which come first here too.
 */
public final class EnvironmentProxies extends ProxySelector {
    private final Map<String, String> environment;

    public EnvironmentProxies(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public List<Proxy> select(URI uri) {
        ProxySelector system = ProxySelector.getDefault();
        if (system != null && System.getProperty(uri.getScheme() + ".proxyHost") != null) {
            return system.select(uri);
        }
        if (isExempt(uri.getHost())) {
            return List.of(Proxy.NO_PROXY);
        }
        return variable(uri.getScheme() + "_proxy")
                .or(() -> variable("all_proxy"))
                .flatMap(EnvironmentProxies::parse)
                .map(List::of)
                .orElse(List.of(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // the request itself fails and reports it
    }

    private boolean isExempt(String host) {
        return variable("no_proxy")
                .map(list -> Arrays.stream(list.split(","))
                        .map(entry -> entry.strip().replaceFirst("^\\*?\\.", ""))
                        .filter(entry -> !entry.isEmpty())
                        .anyMatch(entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry)))
                .orElse(false);
    }

    private static Optional<Proxy> parse(String text) {
        try {
            URI uri = URI.create(text.contains("://") ? text : "http://" + text);
            int port = uri.getPort() >= 0 ? uri.getPort() : 80;
            return Optional.ofNullable(uri.getHost())
                    .map(host -> new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name))
                .or(() -> Optional.ofNullable(environment.get(name.toUpperCase(Locale.ROOT))))
                .filter(text -> !text.isBlank());
    }
}

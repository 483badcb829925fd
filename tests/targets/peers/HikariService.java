// HikariCP (most 4, waits of 12 s) exporting its metrics under both sets of names: /actuator/prometheus as Micrometer's binder
// has them, /metrics as HikariCP's own collector for Prometheus. The values come from a MetricsTrackerFactory and from PoolStats,
// as in both of those. Control as in crew.py. DATABASE_URL is a JDBC URL.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.metrics.IMetricsTracker;
import com.zaxxer.hikari.metrics.MetricsTrackerFactory;
import com.zaxxer.hikari.metrics.PoolStats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

public class HikariService {
    static final int MOST = 4;

    /** A count and a sum, of what was recorded. */
    static final class Sum {
        long count;
        double sum;

        synchronized void add(double value) {
            ++count;
            sum += value;
        }

        synchronized String lines(String name, double unit) {
            return name + "_count{pool=\"orders\"} " + count + "\n" + name + "_sum{pool=\"orders\"} " + sum * unit + "\n";
        }
    }

    /** What the pool tells its tracker. */
    static final class Tracker implements IMetricsTracker {
        final Sum acquired = new Sum(); // ns
        final Sum used = new Sum();     // ms
        final Sum created = new Sum();  // ms
        final Sum timeouts = new Sum();

        @Override public void recordConnectionAcquiredNanos(long nanos) { acquired.add(nanos); }
        @Override public void recordConnectionUsageMillis(long millis) { used.add(millis); }
        @Override public void recordConnectionCreatedMillis(long millis) { created.add(millis); }
        @Override public void recordConnectionTimeout() { timeouts.add(0); }
        @Override public void close() { }
    }

    static final Tracker tracker = new Tracker();
    static PoolStats stats;

    /** Callers, and what they saw. */
    static final class Crew {
        private final HikariDataSource pool;
        private CountDownLatch gone = new CountDownLatch(1);
        long acquires;
        long uses;
        long timeouts;
        double waitSeconds;
        double useSeconds;

        Crew(HikariDataSource pool) { this.pool = pool; }

        synchronized void hold(int count) {
            final CountDownLatch until = gone;
            for (int i = 0; i < count; ++i) {
                final Thread caller = new Thread(() -> call(until));
                caller.setDaemon(true);
                caller.start();
            }
        }

        synchronized void release() {
            gone.countDown();
            gone = new CountDownLatch(1);
        }

        private void call(CountDownLatch until) {
            final long asked = System.nanoTime();
            long begun = 0;
            try (Connection lease = pool.getConnection()) {
                begun = System.nanoTime();
                synchronized (this) {
                    ++acquires;
                    waitSeconds += (begun - asked) / 1e9;
                }
                until.await();
            } catch (SQLException late) {
                synchronized (this) {
                    ++timeouts;
                    waitSeconds += (System.nanoTime() - asked) / 1e9; // HikariCP counts their waits, too
                }
                return;
            } catch (InterruptedException ended) {
                return;
            }
            synchronized (this) {
                ++uses;
                useSeconds += (System.nanoTime() - begun) / 1e9;
            }
        }
    }

    static String line(String name, double value) { return name + "{pool=\"orders\"} " + value + "\n"; }

    static String micrometer() {
        return "# TYPE hikaricp_connections_active gauge\n" + line("hikaricp_connections", stats.getTotalConnections())
            + line("hikaricp_connections_active", stats.getActiveConnections())
            + line("hikaricp_connections_idle", stats.getIdleConnections())
            + line("hikaricp_connections_pending", stats.getPendingThreads())
            + line("hikaricp_connections_max", MOST) + line("hikaricp_connections_min", 1)
            + tracker.acquired.lines("hikaricp_connections_acquire_seconds", 1e-9)
            + tracker.used.lines("hikaricp_connections_usage_seconds", 1e-3)
            + tracker.created.lines("hikaricp_connections_creation_seconds", 1e-3)
            + line("hikaricp_connections_timeout_total", tracker.timeouts.count);
    }

    static String ownCollector() {
        return "# TYPE hikaricp_active_connections gauge\n" + line("hikaricp_active_connections", stats.getActiveConnections())
            + line("hikaricp_idle_connections", stats.getIdleConnections())
            + line("hikaricp_pending_threads", stats.getPendingThreads())
            + line("hikaricp_connections", stats.getTotalConnections())
            + line("hikaricp_max_connections", MOST) + line("hikaricp_min_connections", 1)
            + tracker.acquired.lines("hikaricp_connection_acquired_nanos", 1)
            + tracker.used.lines("hikaricp_connection_usage_millis", 1)
            + tracker.created.lines("hikaricp_connection_creation_millis", 1)
            + line("hikaricp_connection_timeout_total", tracker.timeouts.count);
    }

    static String truth(HikariPoolMXBean bean, Crew crew) {
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("size", bean.getTotalConnections());
        all.put("in_use", bean.getActiveConnections());
        all.put("idle", bean.getIdleConnections());
        all.put("waiting", bean.getThreadsAwaitingConnection());
        all.put("max", MOST);
        synchronized (crew) {
            all.put("waits", crew.acquires + crew.timeouts);
            all.put("wait_seconds", crew.waitSeconds);
            all.put("uses", crew.uses);
            all.put("use_seconds", crew.useSeconds);
            all.put("timeouts", crew.timeouts);
        }
        // None ends here. HikariCP does not tell its tracker of the first, by which it proves its settings.
        all.put("creates", bean.getTotalConnections() - 1);
        all.put("create_seconds", tracker.created.sum / 1e3);
        final StringBuilder text = new StringBuilder();
        all.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
        return text.toString();
    }

    static void answer(HttpExchange exchange, String body) throws IOException {
        final byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    static HttpServer server(Map<String, Supplier<String>> pages) throws IOException {
        final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        pages.forEach((path, page) -> server.createContext(path, exchange -> answer(exchange, page.get())));
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            final Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        return server;
    }

    public static void main(String[] arguments) throws Exception {
        final HikariConfig config = new HikariConfig();
        config.setJdbcUrl(System.getenv("DATABASE_URL"));
        config.setPoolName("orders");
        config.setMaximumPoolSize(MOST);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(12_000);
        config.setMetricsTrackerFactory((name, given) -> {
            stats = given;
            return tracker;
        });
        final HikariDataSource pool = new HikariDataSource(config);
        final Crew crew = new Crew(pool);
        final HttpServer pages =
            server(Map.of("/actuator/prometheus", HikariService::micrometer, "/metrics", HikariService::ownCollector));
        final Supplier<String> truth = () -> truth(pool.getHikariPoolMXBean(), crew);
        final HttpServer control = server(Map.of("/truth", truth));
        control.createContext("/hold", exchange -> {
            crew.hold(Integer.parseInt(exchange.getRequestURI().getQuery().replaceFirst(".*count=", "")));
            answer(exchange, truth.get());
        });
        control.createContext("/release", exchange -> {
            crew.release();
            answer(exchange, truth.get());
        });
        pages.start();
        control.start();
        System.out.println("ports " + pages.getAddress().getPort() + " " + control.getAddress().getPort());
        while (System.in.read() >= 0) { }
        System.exit(0);
    }
}

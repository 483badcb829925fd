// A server, a pool on it and a runner over both: what the tests of scenarios stand on.
#pragma once

#include "monitor/load/own_session.h"
#include "monitor/load/runner.h"
#include "monitor/pool/connection_pool.h"
#include "tests/support/pg_server.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMetaObject>
#include <QTest>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace support {

inline pool::PoolConfig quickPool() {
    pool::PoolConfig config;
    config.timeout = std::chrono::seconds(10);
    return config;
}

// What a query answers over a connection of its own; empty when it failed.
inline std::string answerOf(const pg::ConnInfo& info, const std::string& sql) {
    auto session = load::openOwnSession(info, std::chrono::seconds(5));
    if (!session) {
        return {};
    }
    const auto rows = (*session)->execute(sql);
    return rows && rows->rows() > 0 ? std::string(rows->text(0, 0)) : std::string();
}

inline bool schemaExists(const pg::ConnInfo& info) {
    return answerOf(info, "SELECT count(*) FROM pg_namespace WHERE nspname = 'poolscope_demo'") != "0";
}

// Marks as they came, from any thread.
class MarkBook {
public:
    void note(const metrics::Mark& mark) {
        const std::lock_guard lock(m_mutex);
        m_marks.push_back(mark);
    }
    [[nodiscard]] std::vector<metrics::Mark> all() const {
        const std::lock_guard lock(m_mutex);
        return m_marks;
    }

private:
    mutable std::mutex m_mutex; // guards m_marks
    std::vector<metrics::Mark> m_marks;
};

struct Stage {
    explicit Stage(PgServer& server, pool::PoolConfig config = quickPool(), load::RunnerOptions options = {})
        : pool(config, server.connInfo(), nullptr)
        , runner(pool, filled(server, std::move(options), marks)) {}

    [[nodiscard]] metrics::ScenarioRow row(const std::string& name) const {
        for (metrics::ScenarioRow& row : runner.rows(core::Lang::English)) {
            if (row.name == name) {
                return row;
            }
        }
        return {};
    }
    // Stops the scenario; how long the pool took to its baseline: nothing leased, nobody waiting, the run
    // over.
    [[nodiscard]] qint64 millisToBaseline(const std::string& name) {
        QElapsedTimer timer;
        timer.start();
        if (!runner.stop(name)) {
            return -1;
        }
        const qint64 called = timer.elapsed();
        const bool idle = runner.waitIdle(std::chrono::seconds(10));
        const pool::PoolCounts counts = pool.counts();
        const bool baseline = idle && called < 100 && counts.leased == 0 && counts.waiting == 0;
        return baseline ? timer.elapsed() : -1;
    }

    static load::RunnerOptions filled(PgServer& server, load::RunnerOptions options, MarkBook& marks) {
        options.connInfo = [&server] { return server.connInfo(); };
        options.onMark = [&marks](const metrics::Mark& mark) { marks.note(mark); };
        return options;
    }

    MarkBook marks;
    pool::ConnectionPool pool;
    load::Runner runner;
};

// The server dies with the thread that started it, so both run on the test's main thread, whose events QTRY_
// handles.
inline load::ServerControl controlOf(PgServer& server) {
    const auto onMain = [](auto work) {
        core::Result<void> result;
        QMetaObject::invokeMethod(
            QCoreApplication::instance(), [&] { result = work(); }, Qt::BlockingQueuedConnection);
        return result;
    };
    return {[&server, onMain] {
                return onMain([&server] {
                    server.stop();
                    return core::Result<void>();
                });
            },
            [&server, onMain] { return onMain([&server] { return server.embedded().start(); }); }};
}

} // namespace support

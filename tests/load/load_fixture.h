// A server, a pool on it and a runner over both: what the tests of scenarios stand on.
#pragma once

#include "monitor/load/own_session.h"
#include "monitor/load/runner.h"
#include "monitor/pool/connection_pool.h"
#include "tests/support/pg_server.h"

#include <QElapsedTimer>
#include <QTest>

#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace support {

// ms from stop() to the pool's baseline. Under the thread sanitizer everything takes several times as long.
#ifdef __SANITIZE_THREAD__
inline constexpr qint64 kBaselineWithin = 6000;
#else
inline constexpr qint64 kBaselineWithin = 2000;
#endif

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

// Stops and starts the server for a scenario. The server dies with the thread that started it, so there is one
// thread for both; at its end the server is stopped. Outlives the runner.
class ServerHand {
public:
    explicit ServerHand(PgServer& server)
        : m_server(server)
        , m_thread([this](std::stop_token stop) { run(std::move(stop)); }) {}
    [[nodiscard]] load::ServerControl control() {
        return {[this] {
                    return done([this] {
                        m_server.embedded().stop();
                        return core::Result<void>();
                    });
                },
                [this] { return done([this] { return m_server.embedded().start(); }); }};
    }

private:
    using Job = std::packaged_task<core::Result<void>()>;

    core::Result<void> done(std::function<core::Result<void>()> work) {
        Job job(std::move(work));
        auto result = job.get_future();
        {
            const std::lock_guard lock(m_mutex);
            m_jobs.push_back(std::move(job));
        }
        m_posted.notify_one();
        return result.get();
    }
    void run(std::stop_token stop) {
        std::unique_lock lock(m_mutex);
        while (m_posted.wait(lock, stop, [this] { return !m_jobs.empty(); })) {
            Job job = std::move(m_jobs.front());
            m_jobs.pop_front();
            lock.unlock();
            job();
            lock.lock();
        }
        m_server.embedded().stop();
    }

    PgServer& m_server;
    std::mutex m_mutex; // guards m_jobs
    std::condition_variable_any m_posted;
    std::deque<Job> m_jobs;
    std::jthread m_thread; // last: joins first
};

} // namespace support

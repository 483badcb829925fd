#include "monitor/load/demo_schema.h"

#include "monitor/load/context.h"
#include "monitor/load/own_session.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <utility>

namespace load {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanos kCreateWithin = 3s;
constexpr core::Nanos kDropWithin = 1500ms;
constexpr core::Nanos kSweepEvery = 1s;
constexpr const char* kMark = "Poolscope demo data: safe to drop";
constexpr std::int64_t kLockKey = 0x706f6f6c73636f70; // "poolscop"

enum class Found { Nothing, Ours, Foreign };

// Whether there is a schema of that name, and whose it is by its comment.
core::Result<Found> look(pg::Connection& session, pg::Deadline deadline) {
    const auto rows =
        session.execute("SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace "
                        "WHERE nspname = 'poolscope_demo'",
                        {}, deadline);
    if (!rows) {
        return core::fail(rows.error().message, rows.error().code);
    }
    if (rows->rows() == 0) {
        return Found::Nothing;
    }
    return rows->text(0, 0) == kMark ? Found::Ours : Found::Foreign;
}

std::string creation() {
    return fmt::format(
        "CREATE SCHEMA poolscope_demo;"
        "COMMENT ON SCHEMA poolscope_demo IS '{}';"
        "CREATE TABLE poolscope_demo.users ("
        " id integer PRIMARY KEY, name varchar(100) NOT NULL, email varchar(100) UNIQUE NOT NULL);"
        "INSERT INTO poolscope_demo.users"
        " SELECT n, 'user ' || n, 'user' || n || '@example.com' FROM generate_series(1, {}) AS n;"
        "CREATE TABLE poolscope_demo.events (at timestamptz NOT NULL DEFAULT now(), note text)",
        kMark, kDemoUsers);
}

std::string lock(const char* function) {
    return fmt::format("SELECT {}({})", function, kLockKey);
}

} // namespace

DemoSchema::Use::~Use() {
    if (m_schema) {
        m_schema->release();
    }
}

DemoSchema::DemoSchema(std::function<pg::ConnInfo()> connInfo, LangNow lang)
    : m_connInfo(std::move(connInfo))
    , m_lang(std::move(lang)) {}

DemoSchema::~DemoSchema() {
    m_sweeper = {}; // stops and joins
    if (claimLeftover()) {
        (void)drop({});
    }
}

core::Result<DemoSchema::Use> DemoSchema::use(std::stop_token stop) {
    {
        core::MutexLock guard(m_mutex);
        while (m_state == State::Working) {
            m_changed.wait(guard);
        }
        if (m_state == State::Present) {
            ++m_users;
            return Use(this);
        }
        m_state = State::Working;
        m_users = 1;
    }
    const auto created = create(std::move(stop));
    if (!created) {
        m_session.reset();
        settle(State::Absent);
        return core::fail(created.error().message, created.error().code);
    }
    settle(State::Present);
    return Use(this);
}

core::Result<void> DemoSchema::create(std::stop_token stop) {
    const pg::Deadline deadline = pg::Deadline::in(kCreateWithin);
    auto opened = openOwnSession(m_connInfo(), kCreateWithin, std::move(stop));
    if (!opened) {
        return core::fail(opened.error().message, opened.error().code);
    }
    m_session = std::move(opened).value();
    // Shared while it is used; a console that finds nobody else holding it drops the schema.
    const auto locked = m_session->execute(lock("pg_advisory_lock_shared"), {}, deadline);
    if (!locked) {
        return core::fail(locked.error().message, locked.error().code);
    }
    auto found = look(*m_session, deadline);
    if (!found) {
        return core::fail(found.error().message, found.error().code);
    }
    if (*found == Found::Ours) {
        return {}; // of a neighbour, or left behind by a crash: it is the same
    }
    if (*found == Found::Foreign) {
        return core::fail(
            m_lang() == core::Lang::Chinese
                ? "该数据库中已有一个不属于 Poolscope 的模式 poolscope_demo，未作任何改动"
                : "this database has a schema poolscope_demo that is not ours; nothing was touched",
            "42P06");
    }
    const auto made = m_session->execute(creation(), {}, deadline);
    if (made) {
        return {};
    }
    found = look(*m_session, deadline); // a neighbour may have been quicker
    return found && *found == Found::Ours ? core::Result<void>()
                                          : core::fail(made.error().message, made.error().code);
}

void DemoSchema::release() {
    {
        const core::MutexLock guard(m_mutex);
        if (--m_users > 0) {
            return;
        }
        m_state = State::Working;
    }
    const auto dropped = drop({});
    if (dropped) {
        settle(State::Absent);
        return;
    }
    spdlog::debug("the demo schema could not be dropped yet: {}", dropped.error().message);
    m_sweeper = std::jthread([this](std::stop_token stop) { sweep(std::move(stop)); });
    settle(State::Leftover);
}

bool DemoSchema::claimLeftover() {
    const core::MutexLock guard(m_mutex);
    if (m_state != State::Leftover) {
        return false;
    }
    m_state = State::Working;
    return true;
}

// Whoever uses the schema again takes the state away from Leftover, and with it the sweeper's work. The server
// may not have noticed yet that our former session is gone, which then looks like another console: only the
// second look counts.
void DemoSchema::sweep(std::stop_token stop) {
    for (int looks = 0; sleepFor(stop, kSweepEvery) && claimLeftover();) {
        const auto left = drop(stop);
        looks += left ? 1 : 0;
        const bool done = left && (*left == Left::Nothing || looks > 1);
        settle(done ? State::Absent : State::Leftover);
    }
}

core::Result<DemoSchema::Left> DemoSchema::drop(std::stop_token stop) {
    const pg::Deadline deadline = pg::Deadline::in(kDropWithin);
    auto session = std::move(m_session);
    if (!session || !session->alive()) { // the server was restarted meanwhile: our lock went with the session
        auto opened = openOwnSession(m_connInfo(), kDropWithin, std::move(stop));
        if (!opened) {
            return core::fail(opened.error().message, opened.error().code);
        }
        session = std::move(opened).value();
    }
    (void)session->execute(lock("pg_advisory_unlock_shared"), {}, deadline); // a warning when it was lost
    const auto last = session->execute(lock("pg_try_advisory_lock"), {}, deadline);
    if (!last) {
        return core::fail(last.error().message, last.error().code);
    }
    if (last->text(0, 0) != "t") {
        return Left::ToOthers; // another console still works in it
    }
    const auto found = look(*session, deadline);
    if (!found) {
        return core::fail(found.error().message, found.error().code);
    }
    if (*found != Found::Ours) {
        return Left::Nothing;
    }
    const auto dropped = session->execute("DROP SCHEMA poolscope_demo CASCADE", {}, deadline);
    if (!dropped) {
        return core::fail(dropped.error().message, dropped.error().code);
    }
    return Left::Nothing;
}

void DemoSchema::settle(State state) {
    {
        const core::MutexLock guard(m_mutex);
        m_state = state;
    }
    m_changed.notify_all();
}

} // namespace load

// The only place in a database that scenarios write to: made when the first one needs it, gone with the last.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/core/result.h"
#include "monitor/load/lang_now.h"
#include "monitor/pg/conninfo.h"

#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>

namespace pg {
class Connection;
}

namespace load {

inline constexpr const char* kDemoSchema = "poolscope_demo";
inline constexpr int kDemoUsers = 100; // rows of poolscope_demo.users

// Thread-safe. A schema of that name that is not ours (its comment says so) is never touched. Several
// consoles on one server share it: each holds a shared advisory lock, and only the last one drops it.
class DemoSchema {
public:
    // Keeps the schema; destroy it on a thread that may wait (at most about 1.5 s) for the server.
    class Use {
    public:
        Use() noexcept = default;
        Use(Use&& other) noexcept
            : m_schema(std::exchange(other.m_schema, nullptr)) {}
        Use& operator=(Use&& other) noexcept {
            std::swap(m_schema, other.m_schema);
            return *this;
        }
        ~Use();

    private:
        friend class DemoSchema;
        explicit Use(DemoSchema* schema) noexcept
            : m_schema(schema) {}
        DemoSchema* m_schema = nullptr;
    };

    DemoSchema(std::function<pg::ConnInfo()> connInfo, LangNow lang);
    ~DemoSchema(); // tries once more to drop what could not be dropped before

    // Waits for the server, at most 3 s. Errors: not reachable, no right to create a schema, a schema of that
    // name that is not ours.
    [[nodiscard]] core::Result<Use> use(std::stop_token stop);

private:
    enum class State { Absent, Working, Present, Leftover };
    enum class Left { Nothing, ToOthers };

    core::Result<void> create(std::stop_token stop);
    core::Result<Left> drop(std::stop_token stop);
    void release();
    void sweep(std::stop_token stop);
    [[nodiscard]] bool claimLeftover();
    void settle(State state);

    const std::function<pg::ConnInfo()> m_connInfo;
    const LangNow m_lang;
    core::Mutex m_mutex; // guards m_state and m_users; nothing slow under it
    core::CondVar m_changed;
    State m_state GUARDED_BY(m_mutex) = State::Absent;
    int m_users GUARDED_BY(m_mutex) = 0;
    // Both are used only by the thread that set State::Working.
    std::unique_ptr<pg::Connection> m_session;
    std::jthread m_sweeper; // drops what was left over as soon as the server answers; last: joins first
};

} // namespace load

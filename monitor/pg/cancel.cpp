#include "monitor/pg/cancel.h"

#include "monitor/core/format.h"
#include "monitor/pg/sqlstate.h"

#include <libpq-fe.h>

#include <array>
#include <atomic>
#include <system_error>
#include <thread>

namespace pg {

namespace {

constexpr int kMostInBackground = 16;
std::atomic<int> underWay{0};

} // namespace

struct Cancel::State {
    explicit State(pg_cancel* owned)
        : key(owned) {}
    ~State() { PQfreeCancel(key); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    pg_cancel* const key;
    std::atomic<std::uint64_t> sent{0};
    std::atomic<int> pending{0};
};

Cancel Cancel::of(pg_conn* connection) {
    Cancel cancel;
    if (pg_cancel* key = PQgetCancel(connection)) {
        cancel.m_state = std::make_shared<State>(key);
    }
    return cancel;
}

core::Result<void> Cancel::send() const {
    if (!m_state) {
        return core::fail("there is no session to cancel", std::string(kNoConnection));
    }
    m_state->pending.fetch_add(1);
    m_state->sent.fetch_add(1);
    std::array<char, 256> why{};
    const bool sent = PQcancel(m_state->key, why.data(), static_cast<int>(why.size())) == 1;
    m_state->pending.fetch_sub(1);
    if (sent) {
        return {};
    }
    return core::fail(core::oneLine(why.data(), 200), std::string(kCannotConnect));
}

bool Cancel::sendInBackground() const {
    if (!m_state) {
        return false;
    }
    if (underWay.fetch_add(1) >= kMostInBackground) {
        underWay.fetch_sub(1);
        return false;
    }
    // Counted before the thread runs: the session must not be reused in between.
    m_state->pending.fetch_add(1);
    m_state->sent.fetch_add(1);
    try {
        std::thread([state = m_state] {
            std::array<char, 256> why{};
            (void)PQcancel(state->key, why.data(), static_cast<int>(why.size()));
            state->pending.fetch_sub(1);
            underWay.fetch_sub(1);
        }).detach();
    } catch (const std::system_error&) {
        m_state->pending.fetch_sub(1);
        underWay.fetch_sub(1);
        return false;
    }
    return true;
}

std::uint64_t Cancel::sent() const noexcept {
    return m_state ? m_state->sent.load() : 0;
}

int Cancel::pending() const noexcept {
    return m_state ? m_state->pending.load() : 0;
}

} // namespace pg

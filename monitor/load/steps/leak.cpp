#include "monitor/load/steps/clients.h"
#include "monitor/load/steps/steps.h"

namespace load::steps {

namespace {

// Makes the pool's leak watch as quick as the scenario wants, never slower, and puts it back unless somebody
// has changed it meanwhile.
class ShorterLeakWatch {
public:
    ShorterLeakWatch(pool::ConnectionPool& pool, core::Nanos wanted)
        : m_pool(pool)
        , m_before(pool.config().leakAfter) {
        if (wanted < m_before) {
            m_set = wanted;
            replace(m_before, m_set);
        }
    }
    ~ShorterLeakWatch() {
        if (m_set > core::Nanos(0)) {
            replace(m_set, m_before);
        }
    }
    ShorterLeakWatch(const ShorterLeakWatch&) = delete;
    ShorterLeakWatch& operator=(const ShorterLeakWatch&) = delete;

private:
    void replace(core::Nanos expected, core::Nanos value) {
        pool::PoolConfig config = m_pool.config();
        if (config.leakAfter == expected) {
            config.leakAfter = value;
            (void)m_pool.configure(
                config); // sound: only this knob differs from what the pool already accepted
        }
    }

    pool::ConnectionPool& m_pool;
    const core::Nanos m_before;
    core::Nanos m_set{0};
};

} // namespace

core::Result<void> runLeak(Context& context) {
    const ShorterLeakWatch watch(context.pool(), context.seconds("leak_after"));
    context.setPhase({"connections taken and forgotten", "连接被取走且未归还"});
    Workers workers(context.curfew());
    workers.add(context.whole("count"), [&context](std::stop_token stop, int) {
        pool::Lease lease;
        while (!stop.stop_requested() && !lease.valid()) {
            lease = context.take(stop, "scenario/leak");
            if (!lease.valid()) {
                sleepFor(stop, std::chrono::milliseconds(200));
            }
        }
        if (lease.valid()) {
            context.run(stop, lease, kPing);
            sleepFor(stop, std::chrono::hours(2)); // beyond any scenario's end
        }
    });
    context.waitToEnd();
    return {};
}

} // namespace load::steps

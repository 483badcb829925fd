// A hand-driven ResourcePool<int>: opens when told, on a clock that stands still.
#pragma once

#include "monitor/pool/resource_pool.h"
#include "tests/support/fake_clock.h"

#include <memory>
#include <vector>

namespace support {

// Not thread-safe. Resources are numbered 1, 2, 3 … as they are opened.
class HandPool {
public:
    explicit HandPool(const pool::PoolConfig& config)
        : pool(config, clock)
    {
    }

    // Opens what the core wants opened, at most `most`; the number opened.
    int open(int most = 1000)
    {
        int count = 0;
        for (; count < most; ++count) {
            pool::Slot* slot = pool.beginOpening();
            if (slot == nullptr) {
                break;
            }
            finishOpening(*slot);
        }
        return count;
    }
    void finishOpening(pool::Slot& slot)
    {
        pool::ResourcePool<int>::valueOf(slot) = ++opened;
        pool::Circuit::Turn turn = pool::Circuit::Turn::None;
        if (pool.opened(slot, clock.steadyNow(), turn) == pool::Disposal::Close) {
            pool.closed(slot);
        }
    }
    // A request that has been granted, opening as needed; a check that is asked for passes.
    std::unique_ptr<pool::Request> take()
    {
        auto request = std::make_unique<pool::Request>();
        if (pool.begin(*request) == pool::Step::Queued) {
            open();
        }
        if (request->step == pool::Step::Check) {
            pool.confirm(*request, clock.steadyNow());
        }
        return request;
    }
    pool::Disposal giveBack(const pool::Request& request, pool::Returned how = pool::Returned::Clean)
    {
        const pool::Disposal disposal = pool.giveBack(*request.slot, request.number, how, clock.steadyNow());
        if (disposal == pool::Disposal::Close) {
            pool.closed(*request.slot);
        }
        return disposal;
    }
    // One attempt is refused while nothing is open: the other side is away.
    void goDown()
    {
        pool::Request request;
        (void)pool.begin(request);
        if (pool::Slot* slot = pool.beginOpening()) {
            (void)pool.openFailed(*slot, {pool::FaultKind::Unreachable, "no", "08001"}, clock.steadyNow());
        }
    }
    static int valueOf(const pool::Request& request)
    {
        return pool::ResourcePool<int>::valueOf(*request.slot);
    }

    FakeClock clock;
    pool::ResourcePool<int> pool;
    int opened = 0;
};

} // namespace support

#include "monitor/metrics/thread_shard.h"

#include "monitor/core/mutex.h"

#include <bitset>

namespace metrics::detail {

namespace {

struct Numbers {
    core::Mutex mutex; // guards taken; nothing slow under it
    std::bitset<kThreadShards> taken GUARDED_BY(mutex);
};

// Never destroyed: threads may end after main() has returned.
Numbers& numbers() noexcept {
    static Numbers& all = *new Numbers;
    return all;
}

struct GiveBack {
    std::size_t shard = kSharedShard;
    ~GiveBack() {
        t_shard = kSharedShard; // destructors of other thread-locals may still record
        if (shard != kSharedShard) {
            Numbers& all = numbers();
            const core::MutexLock lock(all.mutex);
            all.taken.reset(shard);
        }
    }
};

} // namespace

std::size_t claimShard() noexcept {
    static thread_local GiveBack giveBack;
    Numbers& all = numbers();
    const core::MutexLock lock(all.mutex);
    std::size_t shard = 0;
    while (shard < kThreadShards && all.taken.test(shard)) {
        ++shard;
    }
    if (shard < kThreadShards) {
        all.taken.set(shard);
    }
    giveBack.shard = shard;
    t_shard = shard;
    return shard;
}

} // namespace metrics::detail

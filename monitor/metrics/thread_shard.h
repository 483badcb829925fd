// Which part of a sharded instrument the calling thread may write: its own, so that recording costs no locked
// instruction and no shared cache line.
#pragma once

#include <cstddef>

namespace metrics {

// Threads beyond this many (alive at once) share one further shard with atomic additions.
inline constexpr std::size_t kThreadShards = 64;
inline constexpr std::size_t kSharedShard = kThreadShards;

namespace detail {
inline constexpr std::size_t kNoShard = ~std::size_t{0};
inline thread_local constinit std::size_t t_shard = kNoShard;
// Takes a number that no living thread has; it is given back when the thread ends.
std::size_t claimShard() noexcept;
} // namespace detail

// 0 … kThreadShards - 1: nobody else writes there while this thread lives; kSharedShard: others do too. A
// number passes from one thread to the next under a mutex, so that what the first one wrote happens before
// what the second one does.
[[nodiscard]] inline std::size_t threadShard() noexcept {
    const std::size_t shard = detail::t_shard;
    return shard != detail::kNoShard ? shard : detail::claimShard();
}

} // namespace metrics

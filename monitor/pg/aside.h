// A call that cannot be interrupted, made on a helper thread so that the caller can leave at its deadline.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/pg/deadline.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <stop_token>
#include <thread>
#include <utility>

namespace pg {

// nullopt when the deadline passed or stop was asked for first; the helper then finishes alone and its result
// is destroyed on it. `work` must own everything it touches. Throws std::system_error when no thread is to be
// had.
template <class R, class Work>
[[nodiscard]] std::optional<R> callAside(Work work, Deadline deadline, const std::stop_token& stop) {
    struct Shared {
        core::Mutex mutex; // guards result
        core::CondVar done;
        std::optional<R> result;
    };
    auto shared = std::make_shared<Shared>();
    std::thread([shared, work = std::move(work)]() mutable {
        R result = work();
        const core::MutexLock lock(shared->mutex);
        shared->result.emplace(std::move(result));
        shared->done.notify_all();
    }).detach();

    core::MutexLock lock(shared->mutex);
    const auto ready = [&shared] { return shared->result.has_value(); };
    // The standard's wait takes no time_point::max() safely, so never is a day at a time.
    while (!shared->done.wait_for(lock, stop, std::min<core::Nanos>(deadline.left(), std::chrono::hours(24)),
                                  ready)) {
        if (stop.stop_requested() || deadline.passed()) {
            return std::nullopt;
        }
    }
    return std::move(shared->result);
}

} // namespace pg

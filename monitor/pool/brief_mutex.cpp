#include "monitor/pool/brief_mutex.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace pool {

namespace {

constexpr int kSpins = 12;
constexpr int kLongestPause = 32;
constexpr int kYields = 64;
constexpr auto kNap = std::chrono::microseconds(20);

} // namespace

void BriefMutex::lockSlowly() noexcept
{
    int pause = 1;
    for (int round = 0;; ++round) {
        if (round < kSpins) {
            for (int i = 0; i < pause; ++i) {
                relax();
            }
            pause = std::min(pause * 2, kLongestPause);
        } else if (round < kSpins + kYields) {
            std::this_thread::yield();
        } else {
            std::this_thread::sleep_for(kNap);
        }
        // Look before reaching for it: a failed exchange would take the line from who works on it.
        if (!m_taken.load(std::memory_order_relaxed) && !m_taken.exchange(true, std::memory_order_acquire)) {
            return;
        }
    }
}

} // namespace pool

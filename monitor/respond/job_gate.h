// Timed jobs that can wait: they register, and are paused and resumed together.
#pragma once

#include "monitor/core/mutex.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace respond {

// Thread-safe. Hooks are called on the thread that pauses or resumes, under no lock; they must be quick. A
// job that is registered while the gate is closed is paused at once. Polling jobs may ask paused() instead.
class JobGate {
public:
    using Hook = std::function<void(bool paused)>;

    // Ends the registration when destroyed. The hook may still be running in another thread at that moment,
    // not later.
    class Registration {
    public:
        Registration() noexcept = default;
        ~Registration();
        Registration(Registration&& other) noexcept;
        Registration& operator=(Registration&& other) noexcept;

    private:
        friend class JobGate;
        struct Core;
        Registration(std::shared_ptr<Core> core, std::uint64_t id) noexcept;
        std::shared_ptr<Core> m_core;
        std::uint64_t m_id = 0;
    };

    JobGate();
    [[nodiscard]] Registration add(std::string name, Hook hook);
    // The number of jobs told.
    std::size_t pause();
    std::size_t resume();
    [[nodiscard]] bool paused() const noexcept;
    [[nodiscard]] std::vector<std::string> names() const; // sorted

private:
    std::size_t turn(bool paused);
    std::shared_ptr<Registration::Core> m_core;
};

} // namespace respond

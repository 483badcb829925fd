// What Engine's files share: the machine, and its hooks as signals.
#pragma once

#include "monitor/core/mutex.h"
#include "monitor/engine/engine.h"
#include "monitor/engine/machine.h"

#include <QMetaObject>

#include <atomic>
#include <functional>
#include <string>
#include <vector>

namespace engine {

// The machine's hooks run on its threads; here they become queued signals without a payload, at most one
// under way.
struct Engine::Impl {
    Impl(Engine& face, Config config, std::function<LogFigures()> logFigures)
        : machine(std::move(config), {[this, &face] { wake(face, snapshotPending, &Engine::snapshotReady); },
                                      [this, &face](Notice notice) {
                                          {
                                              const core::MutexLock lock(mutex);
                                              notices.push_back(std::move(notice));
                                          }
                                          wake(face, noticePending, &Engine::noticesReady);
                                      },
                                      std::move(logFigures)})
    {
    }

    // "Channel saved: ops", or what went wrong.
    notify::Service::Done noticeOf(core::Text done, std::string name)
    {
        return [this, done, name = std::move(name)](const core::Result<void>& outcome) {
            machine.tell(outcome ? Notice{false, std::string(done.in(machine.lang())) + ": " + name}
                                 : Notice{true, name + ": " + outcome.error().message});
        };
    }

    static void wake(Engine& face, std::atomic<bool>& pending, void (Engine::*signal)())
    {
        if (!pending.exchange(true)) {
            QMetaObject::invokeMethod(
                &face,
                [&face, &pending, signal] {
                    pending = false;
                    Q_EMIT(face.*signal)();
                },
                Qt::QueuedConnection);
        }
    }

    std::atomic<bool> snapshotPending{false};
    std::atomic<bool> noticePending{false};
    core::Mutex mutex; // guards notices
    std::vector<Notice> notices GUARDED_BY(mutex);
    Machine machine; // last: its threads use the above
};

} // namespace engine

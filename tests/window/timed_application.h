// An application that times every event of its main thread from outside.
#pragma once

#include <QApplication>
#include <QElapsedTimer>

#include <algorithm>

#include <ctime>

namespace window_test {

inline double threadCpuMs()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

// Times every event from outside: the outermost notify() is what the next frame waits for.
class TimedApplication final : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (++m_depth > 1) {
            const bool handled = QApplication::notify(receiver, event);
            --m_depth;
            return handled;
        }
        QElapsedTimer wall;
        wall.start();
        const double before = threadCpuMs();
        const bool handled = QApplication::notify(receiver, event);
        note(threadCpuMs() - before, static_cast<double>(wall.nsecsElapsed()) / 1e6);
        --m_depth;
        return handled;
    }
    void reset() { longestCpu = longestWall = 0; }

    double longestCpu = 0;  // ms the main thread itself worked on one event
    double longestWall = 0; // ms one event took, with whatever it waited for

private:
    void note(double cpu, double wall)
    {
        longestCpu = std::max(longestCpu, cpu);
        longestWall = std::max(longestWall, wall);
    }
    int m_depth = 0;
};

// Work is bounded strictly; waiting is bounded so that a call into libpq or a held lock (seconds) cannot
// hide, while another process on the same core (tens of ms) does not fail the test.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr double kMostCpu = 250;
inline constexpr double kMostWall = 1000;
#else
inline constexpr double kMostCpu = 50;
inline constexpr double kMostWall = 250;
#endif

[[nodiscard]] inline TimedApplication& timed()
{
    return static_cast<TimedApplication&>(*qApp);
}

} // namespace window_test

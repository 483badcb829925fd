// A file being written while the window goes on: progress, a way to give it up, and how it ended.
#pragma once

#include "widgets/file_wish.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <thread>

class QProgressDialog;
class QWidget;

namespace app {

// Main thread. Deletes itself when it has ended; with the window it is given up, and waited for.
class FileJob final : public QObject {
    Q_OBJECT
public:
    FileJob(const widgets::FileWriter& writer, const widgets::FileWish& wish, QWidget* window);
    ~FileJob() override;

Q_SIGNALS:
    // `problem` is empty when it was written.
    void finished(const QString& problem, bool canceled);

private:
    void look();

    QProgressDialog* m_dialog;
    QTimer m_timer;
    std::atomic<double> m_share{0};
    std::atomic<bool> m_done{false};
    core::Result<void> m_outcome; // the thread's until m_done
    std::jthread m_thread;        // last: joins first
};

} // namespace app

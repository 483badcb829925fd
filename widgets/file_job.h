// A file being written while the window goes on: progress, a way to give it up, and how it ended.
#pragma once

#include "monitor/core/result.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

class QProgressDialog;
class QWidget;

namespace widgets {

// On a thread of its own; returns when the file stands, or why it does not: code "CANCELED" when it was
// stopped, an errno's name where there is one. Nothing is left of a file that does not stand, and an older
// one of its name stays.
using FileWork = std::function<core::Result<void>(const std::stop_token& stop,
                                                  const std::function<void(double share)>& progress)>;

struct FileEnd {
    enum class Kind { Written, GivenUp, Failed };
    Kind kind = Kind::Written;
    QString problem; // of Failed, in the window's language
};

// Main thread. Deletes itself when it has ended; with the window it is given up, and waited for.
class FileJob final : public QObject {
    Q_OBJECT
public:
    // `from`: whoever wants it; the progress stands over its main window.
    FileJob(FileWork work, QString path, QWidget* from);
    ~FileJob() override;

Q_SIGNALS:
    void finished(const widgets::FileEnd& end);

private:
    void look();
    [[nodiscard]] FileEnd end() const;

    const QString m_path;
    QProgressDialog* m_dialog;
    QTimer m_timer;
    std::atomic<double> m_share{0};
    std::atomic<bool> m_done{false};
    core::Result<void> m_outcome; // the thread's until m_done
    std::jthread m_thread;        // last: joins first
};

// "Written: PATH", "Not written: PATH: the disk is full", "Given up: nothing was written".
[[nodiscard]] QString toldOf(const FileEnd& end, const QString& path);

} // namespace widgets

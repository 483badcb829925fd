// SIGINT, SIGTERM and SIGHUP as ordinary events of the main loop (doc.qt.io/qt-6/unix-signals.html).
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace app {

// One per process, made on the main thread. A second SIGINT or SIGTERM while the program ends kills it at once.
class UnixSignals final : public QObject {
    Q_OBJECT
public:
    explicit UnixSignals(QObject* parent = nullptr);
    ~UnixSignals() override;

Q_SIGNALS:
    void terminateRequested();
    void reloadRequested();

private:
    void read();

    std::unique_ptr<QSocketNotifier> m_notifier;
};

} // namespace app

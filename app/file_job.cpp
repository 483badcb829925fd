#include "app/file_job.h"

#include <QFileInfo>
#include <QProgressDialog>

#include <chrono>

namespace app {

FileJob::FileJob(const widgets::FileWriter& writer, const widgets::FileWish& wish, QWidget* window)
    : QObject(window)
    , m_dialog(new QProgressDialog(window))
{
    m_dialog->setObjectName(QStringLiteral("fileProgress"));
    m_dialog->setWindowTitle(tr("Writing a file"));
    m_dialog->setLabelText(tr("Writing %1…").arg(QFileInfo(wish.path).fileName()));
    m_dialog->setCancelButtonText(tr("Cancel"));
    m_dialog->setRange(0, 100);
    m_dialog->setMinimumDuration(400); // short ones do not flash
    m_dialog->setAutoClose(false);
    m_dialog->setAutoReset(false);
    connect(m_dialog, &QProgressDialog::canceled, this, [this] {
        m_thread.request_stop();
        m_dialog->setLabelText(tr("Giving up…"));
    });
    connect(&m_timer, &QTimer::timeout, this, &FileJob::look);
    m_timer.start(std::chrono::milliseconds(100));
    m_thread = std::jthread([this, writer, wish](const std::stop_token& stop) {
        m_outcome = writer(wish, stop, [this](double share) { m_share = share; });
        m_done = true;
    });
}

FileJob::~FileJob()
{
    m_thread.request_stop();
}

void FileJob::look()
{
    if (!m_done) {
        m_dialog->setValue(static_cast<int>(m_share * 100));
        return;
    }
    m_timer.stop();
    m_dialog->hide();
    m_dialog->deleteLater();
    const bool canceled = !m_outcome && m_outcome.error().code == "CANCELED";
    Q_EMIT finished(m_outcome ? QString() : QString::fromStdString(m_outcome.error().message), canceled);
    deleteLater();
}

} // namespace app

#include "widgets/file_job.h"

#include "models/file_problem.h"
#include "monitor/core/canceled.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QProgressDialog>
#include <QWidget>

#include <chrono>
#include <utility>

namespace widgets {

namespace {

// A dialog may be closed while its file is written; the window stays.
QWidget* mainWindowOf(QWidget* widget)
{
    QWidget* window = widget->window();
    while (window->parentWidget() != nullptr) {
        window = window->parentWidget()->window();
    }
    return window;
}

} // namespace

FileJob::FileJob(FileWork work, QString path, QWidget* from)
    : QObject(mainWindowOf(from))
    , m_path(std::move(path))
    , m_dialog(new QProgressDialog(mainWindowOf(from)))
{
    m_dialog->setObjectName(QStringLiteral("fileProgress"));
    m_dialog->setWindowTitle(tr("Writing a file"));
    m_dialog->setLabelText(tr("Writing %1…").arg(QFileInfo(m_path).fileName()));
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
    m_thread = std::jthread([this, work = std::move(work)](const std::stop_token& stop) {
        m_outcome = work(stop, [this](double share) { m_share = share; });
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
    Q_EMIT finished(end());
    deleteLater();
}

FileEnd FileJob::end() const
{
    if (m_outcome) {
        return {};
    }
    return m_outcome.error().code == core::kCanceled
               ? FileEnd{FileEnd::Kind::GivenUp, {}}
               : FileEnd{FileEnd::Kind::Failed, models::fileProblem(m_path, m_outcome.error())};
}

QString toldOf(const FileEnd& end, const QString& path)
{
    switch (end.kind) {
    case FileEnd::Kind::Written:
        return FileJob::tr("Written: %1").arg(path);
    case FileEnd::Kind::GivenUp:
        return FileJob::tr("Given up: nothing was written");
    case FileEnd::Kind::Failed:
        break;
    }
    return FileJob::tr("Not written: %1").arg(end.problem);
}

} // namespace widgets

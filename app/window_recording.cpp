// MainWindow: recordings that are made, and the window of one that is played.
#include "app/main_window.h"
#include "app/window_frame.h"
#include "widgets/dialogs/compare_dialog.h"
#include "widgets/record_bar.h"
#include "widgets/severity_strip.h"

#include <QDateTime>
#include <QDir>
#include <QFileDialog>
#include <QStackedWidget>
#include <QStandardPaths>

namespace app {

namespace {

constexpr const char* kDo = QT_TRANSLATE_NOOP("widgets::Actions", "Do");
constexpr auto kBox = std::chrono::minutes(15); // what the black box holds

QString stampedName()
{
    const QString stamp = QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
    return QStringLiteral("poolscope-") + stamp + QStringLiteral(".poolscope");
}

} // namespace

void MainWindow::addRecordingActions()
{
    if (!m_options.recordings) {
        return;
    }
    m_recordBar = new widgets::RecordBar(*m_options.recordings, m_frame);
    addBar(m_recordBar);
    connect(m_recordBar, &widgets::RecordBar::saveAsked, this, [this] { saveRecording(); });
    m_actions.add({"record", QT_TRANSLATE_NOOP("widgets::Actions", "Record, or stop and save…"), kDo, "Ctrl+Shift+T"},
                  [this] { toggleRecording(); });
    m_actions.add({"record.last", QT_TRANSLATE_NOOP("widgets::Actions", "Save the last 15 minutes as a recording…"), kDo,
                   "Ctrl+Shift+S"},
                  [this] {
                      askRecordingFile([this](const QString& path) { m_options.recordings->saveLast(kBox, path); });
                  });
    m_actions.add({"record.open", QT_TRANSLATE_NOOP("widgets::Actions", "Open a recording…"), kDo, "Ctrl+O"},
                  [this] { openRecording(); });
    m_actions.add({"record.compare", QT_TRANSLATE_NOOP("widgets::Actions", "Compare two recordings…"), kDo},
                  [this] { (new widgets::CompareDialog(*m_options.recordings, this))->show(); });
}

void MainWindow::toggleRecording()
{
    using Phase = metrics::RecordingState::Phase;
    if (m_options.recordings->state().phase == Phase::Idle) {
        m_options.recordings->start();
        m_recordBar->look();
    } else {
        saveRecording();
    }
}

void MainWindow::saveRecording()
{
    askRecordingFile([this](const QString& path) { m_options.recordings->save(path); });
}

void MainWindow::askRecordingFile(std::function<void(const QString&)> then)
{
    auto* dialog = new QFileDialog(this, tr("Save the recording"),
                                   QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("poolscope"));
    dialog->setNameFilter(tr("Recordings (*.poolscope)"));
    dialog->selectFile(stampedName());
    connect(dialog, &QFileDialog::fileSelected, this, [this, then = std::move(then)](const QString& path) {
        then(path);
        m_recordBar->look();
    });
    dialog->open();
}

void MainWindow::openRecording()
{
    const QString own = m_options.recordings->folder ? m_options.recordings->folder() : QString();
    auto* dialog = new QFileDialog(this, tr("Open a recording"),
                                   QDir(own).exists() && !own.isEmpty()
                                       ? own
                                       : QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Recordings (*.poolscope)"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) { m_options.recordings->open(path); });
    dialog->open();
}

void MainWindow::addBar(QWidget* bar)
{
    m_frame->addBar(bar);
}

void MainWindow::addAction(const widgets::ActionSpec& spec, std::function<void()> handler)
{
    m_actions.add(spec, std::move(handler));
}

// As when it was opened, at the same panel and range.
void MainWindow::startOver()
{
    const int current = m_current;
    m_current = -1;
    m_snapshot.reset();
    m_frozen.reset();
    m_behind = 0;
    for (std::size_t i = 0; i < m_panels.size(); ++i) {
        if (widgets::Panel*& panel = m_panels[i]) {
            m_state.panels.insert(panelId(static_cast<int>(i)), panel->state());
            m_frame->stack->removeWidget(panel);
            delete panel;
            panel = nullptr;
        }
    }
    m_frame->strip->clear();
    m_travel.live();
    if (current >= 0) {
        showPanel(current);
    }
}

} // namespace app

// MainWindow: the span of time that is shown, and the ways to change it.
#include "app/main_window.h"
#include "app/window_frame.h"
#include "models/zone.h"
#include "widgets/dialogs/marks_dialog.h"
#include "widgets/dialogs/note_dialog.h"
#include "widgets/dialogs/range_dialog.h"
#include "widgets/severity_strip.h"
#include "widgets/top_bar.h"

#include <string>

namespace app {

namespace {

constexpr const char* kTime = QT_TRANSLATE_NOOP("widgets::Actions", "Time");
bool showsUtc()
{
    return models::Zone::of().kind() == models::Zone::Kind::Utc;
}

constexpr double kKeyZoom = 2;    // one press of + or -
constexpr double kKeyPan = 0.5;   // of the range

struct RangeText {
    const char* text;
    const char* keys;
};
// In the order of widgets::kRangeChoices.
constexpr RangeText kRangeTexts[] = {
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last 5 minutes"), "Ctrl+1"},
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last 15 minutes"), "Ctrl+2"},
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last hour"), "Ctrl+3"},
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last 6 hours"), "Ctrl+4"},
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last 24 hours"), "Ctrl+5"},
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last 7 days"), "Ctrl+6"},
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last 30 days"), "Ctrl+7"},
    {QT_TRANSLATE_NOOP("widgets::Actions", "Last 90 days"), "Ctrl+8"}};
static_assert(std::size(kRangeTexts) == widgets::kRangeChoices.size());

} // namespace

void MainWindow::addTimeActions()
{
    m_actions.add({"pause", QT_TRANSLATE_NOOP("widgets::Actions", "Pause or go on"), kTime, "Space"},
                  [this] { m_travel.range().paused ? m_travel.live() : m_travel.pause(); });
    m_actions.add({"live", QT_TRANSLATE_NOOP("widgets::Actions", "Go live"), kTime, "End; L"},
                  [this] { m_travel.live(); });
    for (std::size_t i = 0; i < widgets::kRangeChoices.size(); ++i) {
        const widgets::RangeChoice& choice = widgets::kRangeChoices[i];
        m_actions.add({choice.action, kRangeTexts[i].text, kTime, kRangeTexts[i].keys},
                      [this, length = choice.length] { m_travel.setLength(length); });
    }
    m_actions.add({"time.go", QT_TRANSLATE_NOOP("widgets::Actions", "From … to …"), kTime, "G"},
                  [this] { openRangeDialog(); });
    m_actions.add({"time.back", QT_TRANSLATE_NOOP("widgets::Actions", "Back in what was shown"), kTime, "Alt+Left"},
                  [this] { m_travel.back(); });
    m_actions.add({"time.forward", QT_TRANSLATE_NOOP("widgets::Actions", "Forward again"), kTime, "Alt+Right"},
                  [this] { m_travel.forward(); });
    m_actions.add({"time.closer", QT_TRANSLATE_NOOP("widgets::Actions", "Zoom in"), kTime, "+; ="},
                  [this] { m_travel.zoom(middle(), 1 / kKeyZoom); });
    m_actions.add({"time.wider", QT_TRANSLATE_NOOP("widgets::Actions", "Zoom out"), kTime, "-"},
                  [this] { m_travel.zoom(middle(), kKeyZoom); });
    m_actions.add({"time.earlier", QT_TRANSLATE_NOOP("widgets::Actions", "Earlier"), kTime, "Ctrl+Left"},
                  [this] { m_travel.pan(-kKeyPan); });
    m_actions.add({"time.later", QT_TRANSLATE_NOOP("widgets::Actions", "Later"), kTime, "Ctrl+Right"},
                  [this] { m_travel.pan(kKeyPan); });
    m_actions.add({"time.compare_day", QT_TRANSLATE_NOOP("widgets::Actions", "Compare with the day before"), kTime, "Y"},
                  [this] { m_travel.toggleCompare(widgets::Comparison::Day); });
    m_actions.add({"time.compare_week", QT_TRANSLATE_NOOP("widgets::Actions", "Compare with the week before"), kTime, "Shift+Y"},
                  [this] { m_travel.toggleCompare(widgets::Comparison::Week); });
    m_actions.add({"time.note", QT_TRANSLATE_NOOP("widgets::Actions", "Add a note…"), kTime, "M"},
                  [this] { openNoteDialog(m_travel.end()); });
    m_actions.add({"time.marks", QT_TRANSLATE_NOOP("widgets::Actions", "Marks and notes…"), kTime, "Shift+M"},
                  [this] { openMarks(); });
}

// A live range is zoomed at its right edge, so that it stays live; another one around its middle.
qint64 MainWindow::middle() const
{
    return m_travel.range().paused ? (m_travel.start() + m_travel.end()) / 2 : m_travel.end();
}

void MainWindow::travel(const widgets::TravelWish& wish)
{
    switch (wish.kind) {
    case widgets::TravelWish::Kind::Zoom:
        m_travel.zoom(wish.from, wish.amount);
        return;
    case widgets::TravelWish::Kind::Pan:
        m_travel.pan(wish.amount);
        return;
    case widgets::TravelWish::Kind::Select:
        m_travel.select(wish.from, wish.to);
        return;
    case widgets::TravelWish::Kind::Export:
        askForFile({widgets::FileWish::Kind::Samples, {}, wish.from, wish.to, showsUtc()});
        return;
    case widgets::TravelWish::Kind::Report:
        askForFile({widgets::FileWish::Kind::Report, {}, wish.from, wish.to, showsUtc()});
        return;
    }
}

void MainWindow::rangeChanged()
{
    const widgets::TimeRange& range = m_travel.range();
    if (range.paused != (m_frozen != nullptr)) {
        m_frozen = range.paused ? m_snapshot : nullptr;
        m_behind = 0;
    }
    spreadRange();
    feedPanel();
}

void MainWindow::spreadRange()
{
    const widgets::TimeRange& range = m_travel.range();
    m_frame->top->setRange(range, m_behind);
    if (m_marks) {
        m_marks->setShown(m_travel.start(), m_travel.end());
    }
    m_frame->strip->setSpan(range.length);
    m_frame->strip->setFixedEnd(range.pausedAt);
    showComparison();
    if (QAction* back = m_actions.find(QStringLiteral("time.back"))) {
        back->setEnabled(m_travel.canBack());
    }
    if (QAction* forward = m_actions.find(QStringLiteral("time.forward"))) {
        forward->setEnabled(m_travel.canForward());
    }
    for (widgets::Panel* panel : m_panels) {
        if (panel) {
            panel->setTimeRange(range);
        }
    }
}

void MainWindow::showComparison()
{
    const std::pair<const char*, widgets::Comparison> kinds[] = {{"time.compare_day", widgets::Comparison::Day},
                                                                 {"time.compare_week", widgets::Comparison::Week}};
    for (const auto& [name, kind] : kinds) {
        if (QAction* action = m_actions.find(QString::fromLatin1(name))) {
            action->setCheckable(true);
            action->setChecked(m_travel.range().compare == kind);
        }
    }
}

void MainWindow::openRangeDialog()
{
    if (!m_snapshot) {
        return;
    }
    auto* dialog = new widgets::RangeDialog(m_travel.start(), m_travel.end(), this);
    connect(dialog, &widgets::RangeDialog::chosen, &m_travel, &widgets::TimeTravel::select);
    dialog->show();
}

void MainWindow::openMarks()
{
    if (m_context.diary == nullptr || !m_snapshot) {
        return;
    }
    if (!m_marks) {
        m_marks = new widgets::MarksDialog(*m_context.diary, this);
        connect(m_marks, &widgets::MarksDialog::jumpAsked, this, &MainWindow::jumpTo);
        connect(m_marks, &widgets::MarksDialog::noteAsked, this, [this] { openNoteDialog(m_travel.end()); });
        connect(m_marks, &widgets::MarksDialog::toast, this, &MainWindow::tell);
    }
    m_marks->setShown(m_travel.start(), m_travel.end());
    m_marks->show();
    m_marks->raise();
    m_marks->activateWindow();
}

// A moment stands in the middle of as long a range as is shown; a span has its own length around it.
void MainWindow::jumpTo(qint64 from, qint64 to)
{
    const qint64 around = from == to ? m_travel.range().length.count() / 2 : to - from;
    m_travel.select(from - around, to + around);
}

void MainWindow::openNoteDialog(qint64 at)
{
    if (!m_snapshot || !m_context.commands || !m_context.commands->addNote) {
        return;
    }
    auto* dialog = new widgets::NoteDialog(at, this);
    connect(dialog, &widgets::NoteDialog::written, this,
            [this](qint64 when, const QString& text) { m_context.commands->addNote(when, text); });
    dialog->show();
}

} // namespace app

#include "widgets/panels/explore_panel.h"

#include "models/query_words.h"
#include "models/text.h"
#include "widgets/card.h"
#include "widgets/combo_box.h"
#include "widgets/explore/answer_view.h"
#include "widgets/explore/expression_row.h"
#include "widgets/explore/target_pick.h"
#include "widgets/past_source.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

#include <algorithm>
#include <chrono>

namespace widgets {

namespace {

using namespace std::chrono_literals;
using Mode = QueryRun::Mode;

constexpr auto kSlow = 300ms;    // from here on it says that it is busy
constexpr auto kLimit = 30s;     // a query that takes longer is stopped
constexpr int kShare = 20;       // an answer that goes on costs at most this part of the time
constexpr int kPoints = 600;     // of a series in a chart
constexpr qint64 kWordsAge = 30'000;
const QString kFirst = QStringLiteral("db_pool_checked_out");

} // namespace

ExplorePanel::ExplorePanel(const PanelContext& context, QWidget* parent)
    : Panel(context, parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, space::kMedium);
    layout->setSpacing(space::kMedium);
    layout->addWidget(buildExpressions());
    layout->addWidget(buildResult(), 1);
    m_patience.setSingleShot(true);
    m_limit.setSingleShot(true);
    connect(&m_patience, &QTimer::timeout, this, &ExplorePanel::showBusy);
    connect(&m_limit, &QTimer::timeout, this, [this] {
        stop();
        m_note->setText(tr("Stopped after %1.").arg(models::spanText(kLimit)));
    });
    addRow(kFirst);
    setMode(Mode::Chart);
    retranslate();
}

QWidget* ExplorePanel::buildExpressions()
{
    auto* card = new QFrame(this);
    card->setProperty("role", QStringLiteral("card"));
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(space::kMedium, space::kMedium, space::kMedium, space::kSmall);
    column->setSpacing(space::kSmall);
    m_rowColumn = new QVBoxLayout;
    m_rowColumn->setSpacing(space::kSmall);
    column->addLayout(m_rowColumn);
    column->addWidget(buildTools());
    return card;
}

QWidget* ExplorePanel::buildTools()
{
    auto* bar = new QWidget(this);
    m_add = new QPushButton(bar);
    m_add->setObjectName(QStringLiteral("explore.add"));
    m_past = new QPushButton(bar);
    m_pastMenu = new QMenu(m_past);
    m_past->setMenu(m_pastMenu);
    m_source = new ComboBox(bar);
    m_source->setObjectName(QStringLiteral("explore.source"));
    m_source->addItem(QString());
    const PastSource* servers = context().history;
    offerSources(servers != nullptr ? servers->servers() : context().sources);
    if (servers != nullptr) {
        connect(servers, &PastSource::serversChanged, this, [this, servers] { offerSources(servers->servers()); });
    }
    m_target = new TargetPick(bar);
    m_target->setObjectName(QStringLiteral("explore.target"));
    m_target->follow(context().scope);
    m_chartTab = new QToolButton(bar);
    m_tableTab = new QToolButton(bar);
    m_tableTab->setObjectName(QStringLiteral("explore.table"));
    auto* group = new QButtonGroup(bar);
    for (QToolButton* tab : {m_chartTab, m_tableTab}) {
        tab->setProperty("kind", QStringLiteral("segment"));
        tab->setCheckable(true);
        group->addButton(tab, tab == m_chartTab ? 0 : 1);
    }
    m_copy = new QPushButton(bar);
    m_stop = new QPushButton(bar);
    m_stop->setObjectName(QStringLiteral("explore.stop"));
    m_run = new QPushButton(bar);
    m_run->setObjectName(QStringLiteral("explore.run"));
    connect(m_add, &QPushButton::clicked, this, [this] { addRow()->edit()->setFocus(); });
    connect(m_pastMenu, &QMenu::aboutToShow, this, &ExplorePanel::fillHistory);
    connect(group, &QButtonGroup::idClicked, this, [this](int id) {
        setMode(id == 0 ? Mode::Chart : Mode::Table);
        run();
    });
    for (const QComboBox* choice : {m_source, static_cast<QComboBox*>(m_target)}) {
        connect(choice, &QComboBox::activated, this, [this] { run(); });
    }
    connect(m_copy, &QPushButton::clicked, this, &ExplorePanel::copyCsv);
    connect(m_stop, &QPushButton::clicked, this, &ExplorePanel::stop);
    connect(m_run, &QPushButton::clicked, this, &ExplorePanel::run);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(space::kLarge + space::kSmall, 0, 0, 0);
    row->setSpacing(space::kSmall);
    row->addWidget(m_add);
    row->addWidget(m_past);
    row->addWidget(m_source);
    row->addWidget(m_target);
    row->addStretch(1);
    for (QWidget* widget :
         {static_cast<QWidget*>(m_chartTab), static_cast<QWidget*>(m_tableTab), static_cast<QWidget*>(m_copy),
          static_cast<QWidget*>(m_stop), static_cast<QWidget*>(m_run)}) {
        row->addWidget(widget);
    }
    m_stop->setEnabled(false);
    return bar;
}

QWidget* ExplorePanel::buildResult()
{
    auto* card = new QFrame(this);
    card->setProperty("role", QStringLiteral("card"));
    m_note = new QLabel(card);
    m_note->setObjectName(QStringLiteral("explore.note"));
    m_note->setProperty("role", QStringLiteral("muted"));
    m_view = new AnswerView(card);
    connect(m_view, &AnswerView::notice, this, &ExplorePanel::toast);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(space::kMedium, space::kSmall, space::kMedium, space::kSmall);
    column->setSpacing(space::kSmall);
    column->addWidget(m_note);
    column->addWidget(m_view, 1);
    return card;
}

ExpressionRow* ExplorePanel::addRow(const QString& text)
{
    auto* row = new ExpressionRow(this);
    row->edit()->setPlainText(text);
    row->edit()->setWords(m_words);
    connect(row->edit(), &ExpressionEdit::runAsked, this, &ExplorePanel::run);
    connect(row->edit(), &ExpressionEdit::wordsWanted, this, &ExplorePanel::fetchWords);
    connect(row, &ExpressionRow::removeAsked, this, [this, row] { removeRow(row); });
    m_rowColumn->addWidget(row);
    m_rows.push_back(row);
    nameRows();
    return row;
}

void ExplorePanel::removeRow(ExpressionRow* row)
{
    std::erase(m_rows, row);
    row->deleteLater();
    row->hide();
    nameRows();
    if (m_follows) {
        run();
    }
}

void ExplorePanel::nameRows()
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        m_rows[i]->setLetter(QString(QChar(u'A' + static_cast<char16_t>(i))));
        m_rows[i]->setRemoval(m_rows.size() > 1 ? ExpressionRow::Removal::Possible
                                                : ExpressionRow::Removal::Impossible);
    }
    m_add->setEnabled(static_cast<int>(m_rows.size()) < kMostRows);
}

std::vector<QString> ExplorePanel::letters() const
{
    std::vector<QString> all;
    for (const ExpressionRow* row : m_rows) {
        all.push_back(row->letter());
    }
    return all;
}

void ExplorePanel::setMode(Mode mode)
{
    m_mode = mode;
    (mode == Mode::Chart ? m_chartTab : m_tableTab)->setChecked(true);
}

QueryRun ExplorePanel::wanted() const
{
    QueryRun run;
    run.mode = m_mode;
    for (const ExpressionRow* row : m_rows) {
        run.expressions.push_back(row->edit()->text());
    }
    run.narrow = m_target->labels();
    run.end = m_range.paused ? m_range.pausedAt : m_snapshot ? core::epochMillis(m_snapshot->at) : 0;
    run.start = run.end - m_range.length.count();
    const qint64 tick =
        m_snapshot ? std::chrono::duration_cast<std::chrono::milliseconds>(m_snapshot->interval).count()
                   : 1000;
    const qint64 least = source() != nullptr ? source()->leastStep() : tick;
    run.step = std::max<qint64>({least, 1, m_range.length.count() / kPoints});
    return run;
}

void ExplorePanel::run()
{
    QueryRun asked = wanted();
    if (querier() == nullptr || asked.end == 0) {
        m_note->setText(tr("The first sample comes in a moment."));
        return;
    }
    m_asked = asked.end;
    m_patience.start(kSlow);
    m_limit.start(kLimit);
    m_background.run(
        [this, querier = querier(), asked = std::move(asked)](const std::stop_token& stop) -> Background::Finish {
            QueryAnswers answers = answer(*querier, asked, stop);
            return [this, answers = std::move(answers)]() mutable { take(std::move(answers)); };
        });
}

void ExplorePanel::stop()
{
    m_background.cancel();
    m_patience.stop();
    m_limit.stop();
    m_stop->setEnabled(false);
    m_follows = false;
    m_note->setText(tr("Stopped."));
}

void ExplorePanel::showBusy()
{
    m_stop->setEnabled(true);
    m_note->setText(tr("Asking …"));
}

void ExplorePanel::take(QueryAnswers answers)
{
    m_patience.stop();
    m_limit.stop();
    m_stop->setEnabled(false);
    m_sinceAnswer.start();
    m_cost = answers.tookMillis;
    if (answers.answers.size() != m_rows.size()) {
        return; // rows came or went meanwhile
    }
    bool problem = false;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i]->edit()->text() == answers.run.expressions[i]) {
            m_rows[i]->setProblem(answers.answers[i].problem);
        }
        problem = problem || !answers.answers[i].problem.isEmpty();
    }
    m_follows = !problem;
    remember();
    const bool live = !m_range.paused;
    m_view->show(answers, letters(), unitOf(answers.run),
                 live ? AnswerView::Edge::Now : AnswerView::Edge::Fixed);
    tell(answers);
}

void ExplorePanel::tell(const QueryAnswers& answers)
{
    std::size_t shown = 0;
    std::size_t left = 0;
    for (const QueryAnswer& one : answers.answers) {
        shown += one.series.size();
        left += one.left;
    }
    const std::size_t most = answers.run.mode == Mode::Chart ? kMostDrawn : shown;
    left += shown - std::min(shown, most);
    shown = std::min(shown, most);
    const auto number = [](std::size_t value) { return QLocale().toString(static_cast<qulonglong>(value)); };
    const QString found =
        left > 0 ? tr("the first %1 of %2 series · %3 ms")
                       .arg(number(shown), number(shown + left), number(static_cast<std::size_t>(m_cost)))
                 : tr("series: %1 · %2 ms").arg(number(shown), number(static_cast<std::size_t>(m_cost)));
    m_note->setText(origin(answers.run) + QStringLiteral(" · ") + found);
    m_view->setEmptyText(m_follows ? tr("No series has samples for this.") : tr("See what is wrong above."));
}

// Metrics, labels and functions, on another thread; what is known already stays until then.
void ExplorePanel::fetchWords()
{
    const bool fresh = m_words && m_sinceWords.isValid() && m_sinceWords.elapsed() < kWordsAge;
    if (fresh || m_wordMaker.busy() || context().querier == nullptr || !m_snapshot) {
        return;
    }
    m_sinceWords.start();
    const metrics::Querier* querier = context().querier;
    const qint64 now = core::epochMillis(m_snapshot->at);
    m_wordMaker.run([this, querier, now](const std::stop_token&) -> Background::Finish {
        auto words = std::make_shared<const models::QueryWords>(*querier, now - 3'600'000, now);
        return [this, words = std::move(words)] {
            m_words = words;
            for (ExpressionRow* row : m_rows) {
                row->edit()->setWords(m_words);
            }
        };
    });
}

void ExplorePanel::copyCsv()
{
    QGuiApplication::clipboard()->setText(QString::fromUtf8(m_view->csv()));
    Q_EMIT toast(tr("Copied as CSV"));
}

void ExplorePanel::showSnapshot(const metrics::SnapshotPtr& snapshot)
{
    const bool first = !m_snapshot;
    m_snapshot = snapshot;
    m_target->showSnapshot(*snapshot);
    if (first) {
        fetchWords();
        run();
    } else if (core::epochMillis(snapshot->at) > m_asked && m_follows && !m_range.paused && isVisible() &&
               !running() && m_sinceAnswer.elapsed() >= std::max(pace(), m_cost * kShare)) {
        run();
    }
}

void ExplorePanel::setTimeRange(const TimeRange& range)
{
    const bool other = !(range == m_range);
    m_range = range;
    if (other && m_follows && isVisible()) {
        run();
    }
}

void ExplorePanel::showHint(const QString& hint)
{
    if (!hint.isEmpty()) {
        m_rows.front()->edit()->setPlainText(hint);
        run();
    }
    m_rows.front()->edit()->setFocus();
}

void ExplorePanel::showEvent(QShowEvent* event)
{
    Panel::showEvent(event);
    fetchWords();
    if (m_snapshot) {
        run();
    }
}

void ExplorePanel::hideEvent(QHideEvent* event)
{
    m_background.cancel();
    m_patience.stop();
    m_limit.stop();
    Panel::hideEvent(event);
}

void ExplorePanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    Panel::changeEvent(event);
}

void ExplorePanel::retranslate()
{
    m_add->setText(tr("Add an expression"));
    m_past->setText(tr("History") + QStringLiteral("  ▾"));
    m_target->retranslate();
    m_source->setItemText(0, tr("Memory and history"));
    m_source->setToolTip(tr("Who is asked: this console, or a server named under prometheus: in the configuration"));
    m_chartTab->setText(tr("Chart"));
    m_tableTab->setText(tr("Table"));
    m_copy->setText(tr("Copy CSV"));
    m_stop->setText(tr("Stop"));
    m_run->setText(tr("Run"));
    m_run->setToolTip(tr("Enter in the field; Ctrl+Space completes, Shift+Enter begins a new line"));
    m_view->setEmptyText(tr("Type an expression and press Enter."));
}

} // namespace widgets

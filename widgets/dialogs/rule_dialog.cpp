#include "widgets/dialogs/rule_dialog.h"

#include "models/query_words.h"
#include "models/text.h"
#include "widgets/combo_box.h"
#include "widgets/dialogs/ack_dialog.h"
#include "widgets/dialogs/confirm.h"
#include "widgets/dialogs/entry_table.h"
#include "widgets/dialogs/rule_preview.h"
#include "widgets/explore/expression_row.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSplitter>

#include <algorithm>
#include <array>
#include <utility>

namespace widgets {

namespace {

using metrics::RuleDraft;
using metrics::RuleEdit;

constexpr int kPause = 300; // ms
constexpr std::array<int, 4> kMinutes{15, 60, 360, 1440};
constexpr int kUsual = 1; // row of the span chosen at first
constexpr const char* kClear = "poolscope_clear";
constexpr const char* kSeverity = "severity";
// Kept as they are: what the program writes itself.
constexpr std::array kHidden{"poolscope_clear", "poolscope_overrides", "poolscope_disabled"};

bool isKept(const std::string& name)
{
    return std::find(kHidden.begin(), kHidden.end(), name) != kHidden.end();
}

QLineEdit* field(QWidget* parent, const char* name, const QString& hint)
{
    auto* edit = new QLineEdit(parent);
    edit->setObjectName(QString::fromLatin1(name));
    edit->setPlaceholderText(hint);
    edit->setMaxLength(500);
    return edit;
}

} // namespace

RuleDialog::RuleDialog(const AlertCommands& commands, Asked asked, QWidget* parent)
    : QDialog(parent)
    , m_commands(commands)
    , m_asked(std::move(asked))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setObjectName(QStringLiteral("ruleDialog"));
    setWindowTitle(m_asked.edit.kind == RuleEdit::Kind::Add
                       ? tr("New rule")
                       : tr("Rule %1").arg(models::text(m_asked.edit.rule.name)));
    auto* split = new QSplitter(this);
    split->addWidget(buildForm());
    split->addWidget(buildPreview());
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setChildrenCollapsible(false);
    split->setHandleWidth(space::kLarge);
    m_problem = new QLabel(this);
    m_problem->setObjectName(QStringLiteral("rule.problem"));
    m_problem->setProperty("role", QStringLiteral("warning"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kMedium);
    layout->addWidget(split, 1);
    layout->addLayout(buildButtons());
    m_pause.setSingleShot(true);
    m_pause.setInterval(kPause);
    connect(&m_pause, &QTimer::timeout, this, &RuleDialog::attempt);
    fill(m_asked.edit.draft);
    m_opened = draft();
    resize(1080, 680);
    changed();
}

QWidget* RuleDialog::buildForm()
{
    auto* page = new QWidget(this);
    m_name = field(page, "rule.name", tr("HighPoolUsage"));
    m_name->setReadOnly(m_asked.name == Name::Fixed);
    m_name->setToolTip(m_asked.name == Name::Fixed
                           ? tr("A rule of another file keeps its name; a duplicate can have one of its own.")
                           : QString());
    m_expression = new ExpressionRow(page);
    m_expression->useAlone(QStringLiteral("rule.expression"));
    m_for = field(page, "rule.for", tr("5m; empty: fires at once"));
    m_keep = field(page, "rule.keep", tr("2m; empty: ends at once"));
    m_clear = field(page, "rule.clear", tr("< 0.7; empty: the threshold itself"));
    m_severity = new ComboBox(page);
    m_severity->setObjectName(QStringLiteral("rule.severity"));
    for (const metrics::Severity one :
         {metrics::Severity::Info, metrics::Severity::Warning, metrics::Severity::Critical}) {
        m_severity->addItem(models::word(one), static_cast<int>(one));
    }
    m_labels = new EntryTable(tr("Labels"), page);
    m_annotations = new EntryTable(tr("Annotations"), page);
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("Name"), m_name);
    form->addRow(tr("Expression"), m_expression);
    form->addRow(tr("Must hold for"), m_for);
    form->addRow(tr("Keeps firing for"), m_keep);
    form->addRow(tr("Clears when"), m_clear);
    form->addRow(tr("Severity"), m_severity);
    form->addRow(tr("Labels"), m_labels);
    form->addRow(tr("Annotations"), m_annotations);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(form, 1);
    for (const QLineEdit* edit : {m_name, m_for, m_keep, m_clear}) {
        connect(edit, &QLineEdit::textChanged, this, &RuleDialog::changed);
    }
    connect(m_expression->edit(), &ExpressionEdit::edited, this, &RuleDialog::changed);
    connect(m_expression->edit(), &ExpressionEdit::runAsked, this, &RuleDialog::attempt);
    connect(m_expression->edit(), &ExpressionEdit::wordsWanted, this, &RuleDialog::fetchWords);
    connect(m_severity, &QComboBox::currentIndexChanged, this, &RuleDialog::changed);
    connect(m_labels, &EntryTable::edited, this, &RuleDialog::changed);
    connect(m_annotations, &EntryTable::edited, this, &RuleDialog::changed);
    return page;
}

QWidget* RuleDialog::buildPreview()
{
    auto* page = new QWidget(this);
    m_preview = new RulePreview(page);
    m_span = new ComboBox(page);
    m_span->setObjectName(QStringLiteral("rule.span"));
    m_span->setAccessibleName(tr("The past it is tried on"));
    for (const int minutes : kMinutes) {
        m_span->addItem(tr("The last %1").arg(models::spanText(std::chrono::minutes(minutes))), minutes);
    }
    m_span->setCurrentIndex(kUsual);
    auto* head = new QHBoxLayout;
    head->addWidget(new QLabel(tr("Tried on"), page));
    head->addWidget(m_span);
    head->addStretch(1);
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(head);
    layout->addWidget(m_preview, 1);
    connect(m_span, &QComboBox::currentIndexChanged, this, &RuleDialog::attempt);
    connect(m_preview, &RulePreview::thresholdMoved, this, [this](double value) {
        if (m_commands.withThreshold) {
            fill(m_commands.withThreshold(draft(), value));
            changed();
        }
    });
    return page;
}

QLayout* RuleDialog::buildButtons()
{
    auto* cancel = new QPushButton(tr("Cancel"), this);
    m_save = new QPushButton(tr("Save"), this);
    m_save->setObjectName(QStringLiteral("rule.save"));
    m_save->setDefault(true);
    auto* row = new QHBoxLayout;
    row->setSpacing(space::kSmall);
    row->addWidget(m_problem, 1);
    row->addWidget(cancel);
    row->addWidget(m_save);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &RuleDialog::save);
    return row;
}

void RuleDialog::fill(const RuleDraft& draft)
{
    m_name->setText(models::text(draft.name));
    if (m_expression->edit()->toPlainText() != models::text(draft.expr)) {
        m_expression->edit()->setPlainText(models::text(draft.expr));
    }
    m_for->setText(models::text(draft.holdFor));
    m_keep->setText(models::text(draft.keepFiringFor));
    m_clear->setText(models::text(metrics::entryOf(draft.annotations, kClear)));
    const std::string severity = metrics::entryOf(draft.labels, kSeverity);
    m_severity->setCurrentIndex(severity == "critical" ? 2 : severity == "info" ? 0 : 1);
    RuleDraft::Entries labels = draft.labels;
    metrics::setEntry(labels, kSeverity, {});
    m_labels->setEntries(labels);
    RuleDraft::Entries annotations;
    for (const auto& [name, text] : draft.annotations) {
        if (!isKept(name)) {
            annotations.emplace_back(name, text);
        }
    }
    m_annotations->setEntries(annotations);
}

metrics::Severity RuleDialog::severity() const
{
    return static_cast<metrics::Severity>(m_severity->currentData().toInt());
}

// What stands in the form, and of the rest what was there.
RuleDraft RuleDialog::draft() const
{
    RuleDraft draft = m_asked.edit.draft;
    draft.kind = RuleDraft::Kind::Alerting;
    draft.name = m_name->text().trimmed().toStdString();
    draft.expr = m_expression->edit()->text().toStdString();
    draft.holdFor = m_for->text().trimmed().toStdString();
    draft.keepFiringFor = m_keep->text().trimmed().toStdString();
    RuleDraft::Entries labels;
    const std::string before = metrics::entryOf(draft.labels, kSeverity);
    const bool untouched = before.empty() && severity() == metrics::Severity::Warning;
    if (!untouched) {
        labels.emplace_back(kSeverity, metrics::severityName(severity()));
    }
    for (const auto& [name, text] : m_labels->entries()) {
        metrics::setEntry(labels, name, text);
    }
    RuleDraft::Entries annotations = m_annotations->entries();
    for (const char* name : kHidden) {
        metrics::setEntry(annotations, name, metrics::entryOf(draft.annotations, name));
    }
    metrics::setEntry(annotations, kClear, m_clear->text().trimmed().toStdString());
    draft.labels = std::move(labels);
    draft.annotations = std::move(annotations);
    return draft;
}

void RuleDialog::fetchWords()
{
    const metrics::Querier* querier = m_asked.querier;
    if (querier == nullptr || m_words.busy()) {
        return;
    }
    const qint64 now = core::epochMillis(core::SystemClock::instance().wallNow());
    m_words.run([this, querier, now](const std::stop_token&) -> Background::Finish {
        auto words = std::make_shared<const models::QueryWords>(*querier, now - 3'600'000, now);
        return [this, words = std::move(words)] { m_expression->edit()->setWords(words); };
    });
}

void RuleDialog::changed()
{
    m_problem->clear();
    m_save->setEnabled(false);
    m_preview->setStale();
    m_pause.start();
}

// On another thread; the newest draft counts.
void RuleDialog::attempt()
{
    if (!m_commands.tryRule) {
        m_save->setEnabled(true);
        return;
    }
    m_pause.stop();
    m_preview->setStale();
    const std::chrono::minutes window(m_span->currentData().toInt());
    m_trials.run([this, asked = m_commands.tryRule, wish = wish(),
                  window](const std::stop_token& stop) -> Background::Finish {
        metrics::RuleTrial trial = asked(wish, window, stop);
        return [this, trial = std::move(trial)] { take(trial); };
    });
}

void RuleDialog::take(const metrics::RuleTrial& trial)
{
    const bool inExpression = trial.where == "expr";
    m_expression->setProblem(inExpression ? models::text(trial.problem) : QString());
    m_problem->setText(inExpression ? QString() : models::text(trial.problem));
    m_save->setEnabled(trial.problem.empty());
    m_preview->show(trial, m_name->text().trimmed(), severity());
}

void RuleDialog::reject()
{
    if (draft() == m_opened) {
        QDialog::reject();
        return;
    }
    confirm(this,
            {tr("Close without saving?"), tr("What was typed for this rule is lost."),
             tr("Close without saving")},
            [this] { QDialog::reject(); });
}

RuleEdit RuleDialog::wish() const
{
    RuleEdit edit = m_asked.edit;
    edit.draft = draft();
    edit.by = ownName().toStdString();
    return edit;
}

void RuleDialog::save()
{
    if (!m_commands.editRule) {
        return;
    }
    m_save->setEnabled(false);
    m_commands.editRule(wish(), [self = QPointer<RuleDialog>(this)](const QString& problem) {
        if (self && problem.isEmpty()) {
            self->accept();
        } else if (self) {
            self->m_problem->setText(problem);
            self->m_save->setEnabled(true);
        }
    });
}

} // namespace widgets

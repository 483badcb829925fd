#include "widgets/dialogs/silence_dialog.h"

#include "models/text.h"
#include "widgets/combo_box.h"
#include "widgets/dialogs/ack_dialog.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace widgets {

namespace {

constexpr int kLongest = 2000;
constexpr qsizetype kNamed = 5; // alerts the preview names
constexpr int kUsual = 1;       // row of the span chosen at first
constexpr std::array<std::pair<int, const char*>, 6> kSpans{
    {{15, QT_TRANSLATE_NOOP("widgets::SilenceDialog", "15 minutes")},
     {60, QT_TRANSLATE_NOOP("widgets::SilenceDialog", "1 hour")},
     {240, QT_TRANSLATE_NOOP("widgets::SilenceDialog", "4 hours")},
     {1440, QT_TRANSLATE_NOOP("widgets::SilenceDialog", "1 day")},
     {4320, QT_TRANSLATE_NOOP("widgets::SilenceDialog", "3 days")},
     {10080, QT_TRANSLATE_NOOP("widgets::SilenceDialog", "1 week")}}};

} // namespace

SilenceDialog::SilenceDialog(const QString& matchers, Preview preview, QWidget* parent)
    : QDialog(parent)
    , m_preview(std::move(preview))
    , m_matchers(field(matchers))
    , m_span(new ComboBox(this))
    , m_by(field(ownName()))
    , m_comment(field({}))
    , m_caught(new QLabel(this))
    , m_act(new QPushButton(tr("Silence"), this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Silence"));
    m_matchers->setObjectName(QStringLiteral("silence.matchers"));
    m_matchers->setPlaceholderText(QStringLiteral("alertname=\"HighPoolUsage\", pool=~\"a|b\""));
    m_comment->setPlaceholderText(tr("Why may this be quiet?"));
    m_caught->setObjectName(QStringLiteral("silence.preview"));
    m_caught->setWordWrap(true);
    m_caught->setTextFormat(Qt::PlainText);
    m_act->setObjectName(QStringLiteral("silence.do"));
    m_act->setDefault(true);
    for (const auto& [minutes, text] : kSpans) {
        m_span->addItem(tr(text), minutes);
    }
    m_span->setCurrentIndex(kUsual);
    auto* form = new QFormLayout;
    form->addRow(tr("Hides"), m_matchers);
    form->addRow(tr("For"), m_span);
    form->addRow(tr("Who"), m_by);
    form->addRow(tr("Why"), m_comment);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    layout->setSpacing(space::kMedium);
    layout->addLayout(form);
    layout->addWidget(m_caught);
    layout->addWidget(m_act, 0, Qt::AlignRight);
    for (const QLineEdit* one : {m_matchers, m_by, m_comment}) {
        connect(one, &QLineEdit::textChanged, this, &SilenceDialog::showPreview);
    }
    connect(m_act, &QPushButton::clicked, this, &SilenceDialog::send);
    showPreview();
}

QLineEdit* SilenceDialog::field(const QString& text)
{
    auto* edit = new QLineEdit(text, this);
    edit->setMaxLength(kLongest);
    edit->setMinimumWidth(420);
    return edit;
}

void SilenceDialog::showPreview()
{
    m_shown = m_preview ? m_preview(m_matchers->text()) : SilencePreview{};
    const bool said = !m_by->text().trimmed().isEmpty() && !m_comment->text().trimmed().isEmpty();
    m_act->setEnabled(m_shown.problem.isEmpty() && said);
    if (!m_shown.problem.isEmpty()) {
        m_caught->setText(m_shown.problem);
        return;
    }
    QStringList names;
    for (const metrics::AlertRow& row : m_shown.caught) {
        if (names.size() < kNamed) {
            names << models::text(row.name);
        }
    }
    const auto count = static_cast<qsizetype>(m_shown.caught.size());
    QString text = count == 0
                       ? tr("Hides nothing now; alerts to come will be hidden.")
                       : tr("Alerts hidden now: %1 (%2)").arg(count).arg(names.join(QStringLiteral(", ")));
    if (count > kNamed) {
        text.insert(text.size() - 1, QStringLiteral(", …"));
    }
    m_caught->setText(text);
}

void SilenceDialog::send()
{
    metrics::SilenceRow silence;
    silence.matchers = m_shown.matchers;
    silence.startsAt = core::SystemClock::instance().wallNow();
    silence.endsAt = silence.startsAt + std::chrono::minutes(m_span->currentData().toInt());
    silence.createdBy = m_by->text().simplified().toStdString();
    silence.comment = m_comment->text().simplified().toStdString();
    Q_EMIT wanted(silence);
    accept();
}

} // namespace widgets

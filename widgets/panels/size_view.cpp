#include "widgets/panels/size_view.h"

#include "models/text.h"
#include "widgets/charts/size_chart.h"
#include "widgets/combo_box.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>

#include <algorithm>
#include <chrono>

namespace widgets {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanos kWindows[] = {5min, 15min, 60min};
constexpr std::chrono::milliseconds kSoonest = 5s; // between two answers
constexpr int kShare = 50;                         // an answer may cost this part of the time between two

} // namespace

SizeView::SizeView(Advisor advisor, QWidget* parent)
    : QWidget(parent)
    , m_advisor(std::move(advisor))
    , m_sentence(new QLabel(this))
    , m_basis(new QLabel(this))
    , m_window(new ComboBox(this))
    , m_again(new QPushButton(this))
    , m_chart(new SizeChart(this))
{
    setObjectName(QStringLiteral("pool.size"));
    m_sentence->setObjectName(QStringLiteral("size.sentence"));
    m_sentence->setProperty("role", QStringLiteral("title"));
    m_basis->setProperty("role", QStringLiteral("muted"));
    for (QLabel* label : {m_sentence, m_basis}) {
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    for (std::size_t i = 0; i < std::size(kWindows); ++i) {
        m_window->addItem(QString());
    }
    m_window->setCurrentIndex(1);
    connect(m_window, &QComboBox::currentIndexChanged, this, &SizeView::ask);
    connect(m_again, &QPushButton::clicked, this, &SizeView::ask);
    connect(&m_timer, &QTimer::timeout, this, &SizeView::ask);
    m_timer.setSingleShot(true);
    auto* tools = new QHBoxLayout;
    tools->setSpacing(space::kSmall);
    tools->addWidget(m_basis, 1);
    tools->addWidget(m_window);
    tools->addWidget(m_again);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_sentence);
    layout->addLayout(tools);
    layout->addWidget(m_chart, 1);
    retranslate();
}

void SizeView::ask()
{
    if (!m_advisor) {
        return;
    }
    m_timer.stop();
    m_asked.start();
    const core::Nanos window = kWindows[static_cast<std::size_t>(std::max(0, m_window->currentIndex()))];
    m_background.run([this, window](const std::stop_token& stop) -> Background::Finish {
        metrics::PoolAdvicePtr advice = m_advisor(window, stop);
        return [this, advice = std::move(advice)]() mutable { take(std::move(advice)); };
    });
}

void SizeView::take(metrics::PoolAdvicePtr advice)
{
    if (advice) {
        m_advice = std::move(advice);
        m_chart->show(m_advice);
        tell();
    }
    if (isVisible()) {
        const std::chrono::milliseconds took(m_asked.elapsed());
        m_timer.start(std::max(kSoonest, took * kShare));
    }
}

void SizeView::tell()
{
    m_sentence->setText(m_advice ? QString::fromStdString(metrics::adviceSentence(*m_advice, models::lang()))
                                 : tr("Looking at the recorded requests …"));
    m_basis->setText(m_advice ? basis() : QString());
    m_chart->setAccessibleDescription(m_sentence->text());
}

QString SizeView::basis() const
{
    const auto number = [](std::uint64_t value) {
        return QLocale().toString(static_cast<qulonglong>(value));
    };
    QString text =
        tr("%1 requests of %2, replayed first come, first served; callers are assumed to ask as they did.")
            .arg(number(m_advice->requests), models::spanText(m_advice->span));
    if (m_advice->estimated > 0) {
        text +=
            tr(" How long %1 of them would hold a connection is estimated.").arg(number(m_advice->estimated));
    }
    if (m_advice->excluded > 0) {
        text += tr(" %1 were left out: no size would have served them.").arg(number(m_advice->excluded));
    }
    if (m_advice->missed > 0) {
        text += tr(" More happened than is written down: a sample.");
    }
    return text;
}

void SizeView::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!m_background.busy()) {
        ask();
    }
}

void SizeView::hideEvent(QHideEvent* event)
{
    m_timer.stop();
    m_background.cancel();
    QWidget::hideEvent(event);
}

void SizeView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QWidget::changeEvent(event);
}

void SizeView::retranslate()
{
    for (std::size_t i = 0; i < std::size(kWindows); ++i) {
        m_window->setItemText(static_cast<int>(i), tr("last %1 min").arg(kWindows[i] / 1min));
    }
    m_window->setAccessibleName(tr("Requests of"));
    m_again->setText(tr("Ask again"));
    m_chart->setAccessibleName(tr("Waits against the number of places"));
    tell();
}

} // namespace widgets

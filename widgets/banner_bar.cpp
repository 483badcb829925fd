#include "widgets/banner_bar.h"

#include "models/text.h"
#include "models/zone.h"
#include "widgets/theme.h"

#include <QBoxLayout>
#include <QEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QStyle>

#include <algorithm>

namespace widgets {

Banner::Banner(const QString& id, QWidget* parent)
    : QFrame(parent)
    , m_id(id)
    , m_text(new QLabel(this))
    , m_when(new QLabel(this))
    , m_detail(new QLabel(this))
    , m_retry(new QPushButton(this))
    , m_more(new QPushButton(this))
{
    setProperty("role", QStringLiteral("banner"));
    setObjectName(QStringLiteral("banner.") + id);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_detail->setTextFormat(Qt::PlainText);
    m_detail->setWordWrap(true);
    m_detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_detail->setProperty("role", QStringLiteral("muted"));
    m_when->setProperty("role", QStringLiteral("muted"));
    m_detail->hide();
    for (QPushButton* button : {m_retry, m_more}) {
        button->setFocusPolicy(Qt::TabFocus);
    }
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::kLarge);
    row->addWidget(m_text, 1);
    row->addWidget(m_when);
    row->addWidget(m_retry);
    row->addWidget(m_more);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * space::kLarge + 4, 6, space::kMedium, 6);
    layout->addLayout(row);
    layout->addWidget(m_detail);
    connect(m_retry, &QPushButton::clicked, this, &Banner::retryAsked);
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_detail->setVisible(m_detail->isHidden());
        retranslate();
    });
    retranslate();
}

void Banner::show(const metrics::Banner& banner, core::WallTime now)
{
    m_text->setText(models::text(banner.text));
    QString when = tr("since %1").arg(models::Zone::of().clock(banner.since));
    if (now > banner.since) {
        when += QStringLiteral(" (") + models::spanText(now - banner.since) + QLatin1Char(')');
    }
    if (banner.nextTryIn.count() > 0 && !m_past) {
        when += QStringLiteral(" · ") + tr("next try in %1").arg(models::spanText(banner.nextTryIn));
    }
    m_when->setText(when);
    m_detail->setText(models::text(banner.detail));
    m_more->setVisible(!banner.detail.empty());
    setAccessibleName(m_text->text());
    if (banner.critical != m_critical || !property("critical").isValid()) {
        m_critical = banner.critical;
        setProperty("critical", m_critical);
        style()->unpolish(this);
        style()->polish(this);
    }
}

void Banner::setPast()
{
    m_past = true;
    m_retry->hide();
}

void Banner::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
    QFrame::changeEvent(event);
}

void Banner::retranslate()
{
    m_retry->setText(tr("Retry now"));
    m_more->setText(m_detail->isHidden() ? tr("Details") : tr("Less"));
}

void Banner::paintEvent(QPaintEvent* event)
{
    QFrame::paintEvent(event);
    QPainter painter(this);
    const StatusLevel level = m_critical ? StatusLevel::Critical : StatusLevel::Warning;
    Theme::drawShape(painter, QRectF(space::kLarge - 2, m_text->geometry().center().y() - 5, 11, 11), level,
                     Theme::of().color(level));
}

BannerBar::BannerBar(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    m_layout->setContentsMargins(space::kLarge, space::kMedium, space::kLarge, 0);
    m_layout->setSpacing(space::kTiny);
    hide();
}

void BannerBar::showSnapshot(const metrics::Snapshot& snapshot)
{
    const auto wanted = [&](const Banner* banner) {
        return std::any_of(snapshot.banners.begin(), snapshot.banners.end(),
                           [&](const metrics::Banner& row) { return models::text(row.id) == banner->id(); });
    };
    for (Banner* banner : m_banners) {
        if (!wanted(banner)) {
            banner->deleteLater();
        }
    }
    std::erase_if(m_banners, [&](const Banner* banner) { return !wanted(banner); });
    for (const metrics::Banner& row : snapshot.banners) {
        const QString id = models::text(row.id);
        auto at =
            std::find_if(m_banners.begin(), m_banners.end(), [&](const Banner* b) { return b->id() == id; });
        if (at == m_banners.end()) {
            auto* banner = new Banner(id, this);
            if (m_past) {
                banner->setPast();
            }
            connect(banner, &Banner::retryAsked, this, &BannerBar::retryAsked);
            m_layout->addWidget(banner);
            m_banners.push_back(banner);
            at = std::prev(m_banners.end());
        }
        (*at)->show(row, snapshot.at);
        (*at)->QWidget::show();
    }
    setVisible(!m_banners.empty());
}

} // namespace widgets

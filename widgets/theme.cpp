#include "widgets/theme.h"

#include "widgets/style_sheet.h"

#include <QApplication>
#include <QLinearGradient>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QPixmap>
#include <QStyle>
#include <QStyleFactory>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

// The tokens of the design's table; the series are Okabe and Ito's colours, each with at least 3:1 on the
// card.
Palette darkPalette()
{
    Palette p;
    p.dark = true;
    p.window = QColor(0x14171C);
    p.card = QColor(0x1B1F26);
    p.raised = QColor(0x242A34);
    p.line = QColor(0x2E3642);
    p.grid = QColor(0x262D37);
    p.text = QColor(0xE6EAF0);
    p.muted = QColor(0x9AA5B4);
    p.faint = QColor(0x6B7684);
    p.accent = QColor(0x56B4E9);
    p.ok = QColor(0x4AA8E0);
    p.warning = QColor(0xE69F00);
    p.critical = QColor(0xFF5C6C);
    p.noData = QColor(0x6B7684);
    constexpr QRgb kSeries[] = {0x56B4E9, 0xE69F00, 0x2FBF93, 0xCC79A7,
                                0xF0E442, 0xE5743A, 0x7C9CF0, 0xB8C2CF};
    std::copy(std::begin(kSeries), std::end(kSeries), std::begin(p.series));
    return p;
}

Palette lightPalette()
{
    Palette p;
    p.dark = false;
    p.window = QColor(0xF3F5F8);
    p.card = QColor(0xFFFFFF);
    p.raised = QColor(0xEEF1F5);
    p.line = QColor(0xD8DEE6);
    p.grid = QColor(0xE8ECF1);
    p.text = QColor(0x1C2430);
    p.muted = QColor(0x566273);
    p.faint = QColor(0x8A94A3);
    p.accent = QColor(0x0072B2);
    p.ok = QColor(0x0072B2);
    p.warning = QColor(0xB26A00);
    p.critical = QColor(0xB00020);
    p.noData = QColor(0x8A94A3);
    constexpr QRgb kSeries[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7,
                                0x8A7A00, 0x3F51A3, 0x7A4F9A, 0x566273};
    std::copy(std::begin(kSeries), std::end(kSeries), std::begin(p.series));
    return p;
}

QPalette qtPalette(const Palette& p)
{
    QPalette q;
    q.setColor(QPalette::Window, p.window);
    q.setColor(QPalette::WindowText, p.text);
    q.setColor(QPalette::Base, p.card);
    q.setColor(QPalette::AlternateBase, p.raised);
    q.setColor(QPalette::Text, p.text);
    q.setColor(QPalette::Button, p.raised);
    q.setColor(QPalette::ButtonText, p.text);
    q.setColor(QPalette::BrightText, p.critical);
    q.setColor(QPalette::Link, p.accent);
    q.setColor(QPalette::LinkVisited, p.accent);
    q.setColor(QPalette::Highlight, p.accent);
    q.setColor(QPalette::HighlightedText, p.dark ? p.window : p.card);
    q.setColor(QPalette::ToolTipBase, p.raised);
    q.setColor(QPalette::ToolTipText, p.text);
    q.setColor(QPalette::PlaceholderText, p.muted);
    q.setColor(QPalette::Mid, p.line);
    q.setColor(QPalette::Dark, p.line);
    for (const auto role : {QPalette::Text, QPalette::ButtonText, QPalette::WindowText}) {
        q.setColor(QPalette::Disabled, role, p.faint);
    }
    return q;
}

// Digits of equal width in all of them; the last two carry the Chinese texts.
QStringList families()
{
    return {QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans"), QStringLiteral("Noto Sans CJK SC"),
            QStringLiteral("WenQuanYi Micro Hei")};
}

void drawHatched(QPainter& painter, const QRectF& box, const QColor& color)
{
    QPainterPath disc;
    disc.addEllipse(box);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(color, 1));
    painter.drawPath(disc);
    painter.setClipPath(disc, Qt::IntersectClip);
    for (double x = -box.height(); x < box.width(); x += 3) {
        painter.drawLine(QPointF(box.left() + x, box.bottom()),
                         QPointF(box.left() + x + box.height(), box.top()));
    }
}

void drawBang(QPainter& painter, const QRectF& box, const QColor& color)
{
    const double width = box.width() * 0.24;
    const double x = box.center().x() - width / 2;
    painter.setBrush(color);
    painter.drawRoundedRect(QRectF(x, box.top(), width, box.height() * 0.64), width / 2, width / 2);
    painter.drawEllipse(QRectF(x, box.bottom() - width, width, width));
}

// Amber ring, three quarters of it empty: "on its way".
void drawPending(QPainter& painter, const QRectF& box, const QColor& color)
{
    const double stroke = std::max(1.0, box.width() * 0.14);
    const QRectF ring = box.adjusted(stroke / 2, stroke / 2, -stroke / 2, -stroke / 2);
    painter.setPen(QPen(color, stroke));
    painter.setBrush(Qt::NoBrush);
    painter.drawEllipse(ring);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPie(ring, 0, 90 * 16);
}

} // namespace

Theme::Theme(QObject* parent)
    : QObject(parent)
    , m_palette(darkPalette())
{
    setObjectName(QStringLiteral("poolscope.theme"));
}

Theme& Theme::of()
{
    auto* theme = qApp->findChild<Theme*>(QStringLiteral("poolscope.theme"), Qt::FindDirectChildrenOnly);
    if (!theme) {
        theme = new Theme(qApp);
    }
    return *theme;
}

void Theme::apply(ThemeMode mode)
{
    // Before our own palette is set, the application's is the desktop's: asked once.
    static const bool systemIsDark = qApp->palette().color(QPalette::Window).lightness() < 128;
    m_mode = mode;
    m_palette = mode == ThemeMode::Dark || (mode == ThemeMode::System && systemIsDark) ? darkPalette()
                                                                                       : lightPalette();
    if (qApp->style()->objectName().compare(QLatin1String("fusion"), Qt::CaseInsensitive) != 0 &&
        qApp->styleSheet().isEmpty()) {
        qApp->setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    }
    qApp->setFont(font(TextRole::Body));
    const QPalette palette = qtPalette(m_palette);
    qApp->setPalette(palette);
    QToolTip::setPalette(palette);
    qApp->setStyleSheet(styleSheetOf(m_palette));
    Q_EMIT changed();
}

QFont Theme::font(TextRole role) const
{
    QFont font;
    font.setFamilies(families());
    switch (role) {
    case TextRole::Title:
        font.setPixelSize(12);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Value:
        font.setPixelSize(21);
        font.setWeight(QFont::DemiBold);
        break;
    case TextRole::Body:
        font.setPixelSize(12);
        break;
    case TextRole::Caption:
        font.setPixelSize(11);
        break;
    }
    return font;
}

QColor Theme::color(StatusLevel level) const
{
    switch (level) {
    case StatusLevel::Ok:
        return m_palette.ok;
    case StatusLevel::Pending:
    case StatusLevel::Warning:
        return m_palette.warning;
    case StatusLevel::Critical:
        return m_palette.critical;
    case StatusLevel::NoData:
    case StatusLevel::Error:
        return m_palette.noData;
    }
    return m_palette.noData;
}

QColor Theme::color(metrics::SlotState state, bool overflow) const
{
    using metrics::SlotState;
    switch (state) {
    case SlotState::NotOpened:
        return m_palette.raised;
    case SlotState::Connecting:
    case SlotState::Validating:
    case SlotState::Resetting:
    case SlotState::Closing:
        return m_palette.muted;
    case SlotState::Idle:
        return m_palette.dark ? QColor(0x2C4A60) : QColor(0xBFDDF0);
    case SlotState::Active:
        return overflow ? m_palette.series[2] : m_palette.series[0];
    case SlotState::IdleInTransaction:
        return m_palette.series[3];
    case SlotState::Held:
        return m_palette.warning;
    case SlotState::Leaked:
        return m_palette.critical;
    }
    return m_palette.raised;
}

QColor Theme::seriesColor(int index) const
{
    constexpr int kCount = 8;
    return m_palette.series[((index % kCount) + kCount) % kCount];
}

QColor Theme::ink(StatusLevel level) const
{
    // Towards the text colour until it reads at 4.5:1 (WCAG 2.1, 1.4.3) on the card.
    const QColor start = color(level);
    for (int step = 0; step <= 20; ++step) {
        const QColor mixed = blend(m_palette.text, start, step / 20.0);
        if (contrast(mixed, m_palette.card) >= 4.5 && contrast(mixed, tint(level)) >= 4.5) {
            return mixed;
        }
    }
    return m_palette.text;
}

QColor Theme::tint(StatusLevel level) const
{
    return blend(color(level), m_palette.card, m_palette.dark ? 0.13 : 0.10);
}

QColor Theme::blend(const QColor& over, const QColor& under, double share)
{
    const auto part = [share](float a, float b) { return static_cast<float>(a * share + b * (1 - share)); };
    return QColor::fromRgbF(part(over.redF(), under.redF()), part(over.greenF(), under.greenF()),
                            part(over.blueF(), under.blueF()));
}

double Theme::contrast(const QColor& a, const QColor& b)
{
    const auto linear = [](double c) {
        return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    const auto luminance = [&](const QColor& c) {
        return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
    };
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
    return (light + 0.05) / (dark + 0.05);
}

void Theme::drawShape(QPainter& painter, const QRectF& box, StatusLevel level, const QColor& color)
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (level) {
    case StatusLevel::Ok:
        painter.drawEllipse(box);
        break;
    case StatusLevel::Pending:
        drawPending(painter, box, color);
        break;
    case StatusLevel::Warning:
        painter.drawPolygon(
            QPolygonF({QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()}));
        break;
    case StatusLevel::Critical:
        painter.drawRect(box);
        break;
    case StatusLevel::NoData:
        drawHatched(painter, box, color);
        break;
    case StatusLevel::Error:
        drawBang(painter, box, color);
        break;
    }
    painter.restore();
}

QIcon Theme::statusIcon(StatusLevel level) const
{
    QIcon icon;
    for (const int size : {16, 22, 32, 64}) {
        QPixmap pixmap(size, size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        const double inset = size / 8.0;
        drawShape(painter, QRectF(0, 0, size, size).adjusted(inset, inset, -inset, -inset), level,
                  color(level));
        painter.end();
        icon.addPixmap(pixmap);
    }
    return icon;
}

QString Theme::word(StatusLevel level)
{
    switch (level) {
    case StatusLevel::Ok:
        return tr("healthy");
    case StatusLevel::Pending:
        return tr("pending");
    case StatusLevel::Warning:
        return tr("warning");
    case StatusLevel::Critical:
        return tr("critical");
    case StatusLevel::NoData:
        return tr("no data");
    case StatusLevel::Error:
        return tr("error");
    }
    return {};
}

} // namespace widgets

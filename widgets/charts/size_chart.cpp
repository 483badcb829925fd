#include "widgets/charts/size_chart.h"

#include "models/text.h"
#include "monitor/core/format.h"
#include "widgets/charts/axis_ticks.h"
#include "widgets/charts/pens.h"
#include "widgets/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace widgets {

namespace {

using metrics::SizeForecast;
using metrics::WaitFigures;

constexpr double kLeft = 52;
constexpr double kRight = 14;
constexpr double kTop = 38; // legend, then the marks' texts
constexpr double kBottom = 34;
constexpr double kFloor = 1e-3; // s, the lower end of the axis
constexpr double kMarkRow = 15;

struct Curve {
    const char* name;
    core::Nanos WaitFigures::*value;
    int color; // as the Latency panel has them
};
constexpr Curve kCurves[] = {
    {"p99", &WaitFigures::p99, 3}, {"p95", &WaitFigures::p95, 1}, {"p50", &WaitFigures::p50, 0}};

QString seconds(core::Nanos span)
{
    return models::valueText(core::seconds(span), core::Unit::Seconds);
}

QString number(std::uint64_t value)
{
    return QLocale().toString(static_cast<qulonglong>(value));
}

} // namespace

SizeChart::SizeChart(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(&Theme::of(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SizeChart::show(metrics::PoolAdvicePtr advice)
{
    m_advice = std::move(advice);
    m_chosen.reset();
    update();
}

void SizeChart::setEmptyText(const QString& text)
{
    m_emptyText = text;
    update();
}

QSize SizeChart::sizeHint() const
{
    return {640, 320};
}

QSize SizeChart::minimumSizeHint() const
{
    return {320, 180};
}

bool SizeChart::empty() const
{
    return !m_advice || m_advice->forecasts.empty();
}

QRectF SizeChart::plot() const
{
    return QRectF(rect()).adjusted(kLeft, kTop, -kRight, -kBottom);
}

int SizeChart::most() const
{
    return empty() ? 60 : m_advice->forecasts.back().places;
}

// From 1 ms up to the longest p99, whole ones, three at least.
double SizeChart::decades() const
{
    core::Nanos longest = empty() ? core::Nanos(0) : m_advice->recorded.p99;
    for (const SizeForecast& forecast : empty() ? std::vector<SizeForecast>() : m_advice->forecasts) {
        longest = std::max(longest, forecast.wait.p99);
    }
    const double wait = core::seconds(longest);
    return wait <= kFloor ? 3 : std::max(3.0, std::ceil(std::log10(wait / kFloor) - 1e-9));
}

double SizeChart::xOf(int places) const
{
    const QRectF area = plot();
    return area.left() + (places - 0.5) / most() * area.width();
}

double SizeChart::yOf(core::Nanos wait) const
{
    const QRectF area = plot();
    const double share = std::log10(std::max(core::seconds(wait), kFloor) / kFloor) / decades();
    return area.bottom() - share * area.height();
}

void SizeChart::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    if (empty()) {
        painter.setFont(Theme::of().font(TextRole::Body));
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(rect(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
        return;
    }
    painter.setFont(Theme::of().font(TextRole::Caption));
    paintRoom(painter);
    paintAxes(painter);
    paintTimeouts(painter);
    paintCurves(painter);
    paintMarks(painter);
    paintLegend(painter);
}

void SizeChart::paintAxes(QPainter& painter) const
{
    const QRectF area = plot();
    const Palette& palette = Theme::of().palette();
    for (int decade = 0; decade <= static_cast<int>(decades()); ++decade) {
        const double value = kFloor * std::pow(10, decade);
        const double y = std::round(area.bottom() - decade / decades() * area.height()) + 0.5;
        painter.setPen(cosmetic(decade == 0 ? palette.line : palette.grid, 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(palette.muted);
        const QString text = valueTickText(value, core::Unit::Seconds);
        painter.drawText(QRectF(0, y - 8, kLeft - 6, 16), Qt::AlignRight | Qt::AlignVCenter,
                         decade == 0 ? QStringLiteral("≤ ") + text : text);
    }
    const int step = most() > 120 ? 50 : most() > 60 ? 20 : width() < 520 ? 10 : 5;
    for (int places = step; places <= most(); places += step) {
        painter.drawText(QRectF(xOf(places) - 20, area.bottom() + 3, 40, 14), Qt::AlignHCenter | Qt::AlignTop,
                         QString::number(places));
    }
    painter.drawText(QRectF(area.left(), area.bottom() + 17, area.width(), 15),
                     Qt::AlignHCenter | Qt::AlignTop, tr("places of the pool"));
}

// How large a share of all requests times out: a bar of that share of the height.
void SizeChart::paintTimeouts(QPainter& painter) const
{
    const QRectF area = plot();
    const double width = std::max(2.0, area.width() / most() - 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(faded(Theme::of().color(StatusLevel::Critical), 0.35));
    for (const SizeForecast& forecast : m_advice->forecasts) {
        const auto lost = static_cast<double>(forecast.timeouts + forecast.queueFull);
        if (lost > 0) {
            const double share = lost / static_cast<double>(std::max<std::uint64_t>(m_advice->requests, 1));
            const double height = std::max(2.0, share * area.height());
            painter.drawRect(QRectF(xOf(forecast.places) - width / 2, area.bottom() - height, width, height));
        }
    }
}

void SizeChart::paintCurves(QPainter& painter) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    for (const Curve& curve : kCurves) {
        painter.setPen(cosmetic(Theme::of().seriesColor(curve.color), 2));
        for (std::size_t i = 1; i < m_advice->forecasts.size(); ++i) {
            const SizeForecast& a = m_advice->forecasts[i - 1];
            const SizeForecast& b = m_advice->forecasts[i];
            painter.drawLine(QPointF(xOf(a.places), yOf(a.wait.*curve.value)),
                             QPointF(xOf(b.places), yOf(b.wait.*curve.value)));
        }
    }
    if (m_advice->places > 0 && !m_advice->resized) { // what really happened
        painter.setPen(cosmetic(Theme::of().seriesColor(1), 2));
        painter.setBrush(Theme::of().palette().card);
        painter.drawEllipse(QPointF(xOf(m_advice->places), yOf(m_advice->recorded.p95)), 4, 4);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

// Sizes the server has no room for.
void SizeChart::paintRoom(QPainter& painter) const
{
    if (!m_advice->serverLimit || *m_advice->serverLimit >= most()) {
        return;
    }
    QRectF area = plot();
    area.setLeft(xOf(*m_advice->serverLimit) + area.width() / most() / 2);
    painter.fillRect(area, QBrush(faded(Theme::of().palette().noData, 0.35), Qt::BDiagPattern));
}

void SizeChart::paintMark(QPainter& painter, int places, const QString& text, const QColor& color,
                          int row) const
{
    const QRectF area = plot();
    const double x = std::round(xOf(places)) + 0.5;
    painter.setPen(cosmetic(color, 1, Qt::DashLine));
    painter.drawLine(QPointF(x, area.top() - (row == 0 ? 0 : 2)), QPointF(x, area.bottom()));
    const double width = painter.fontMetrics().horizontalAdvance(text);
    const double left = std::clamp(x + 4, area.left(), std::max(area.left(), rect().width() - width - 2.0));
    painter.setPen(color);
    painter.drawText(QRectF(left, area.top() + row * kMarkRow, width + 2, kMarkRow),
                     Qt::AlignLeft | Qt::AlignVCenter, text);
}

void SizeChart::paintMarks(QPainter& painter) const
{
    const Palette& palette = Theme::of().palette();
    int row = 0;
    if (m_advice->places > 0 && m_advice->places <= most()) {
        paintMark(painter, m_advice->places, tr("today %1").arg(m_advice->places), palette.text, row++);
    }
    if (m_advice->suggested && m_advice->suggested->places != m_advice->places) {
        paintMark(painter, m_advice->suggested->places, tr("enough %1").arg(m_advice->suggested->places),
                  Theme::of().ink(StatusLevel::Ok), row++);
    }
    if (m_advice->serverLimit && *m_advice->serverLimit < most() && *m_advice->serverLimit > 0) {
        paintMark(painter, *m_advice->serverLimit, tr("server's room %1").arg(*m_advice->serverLimit),
                  palette.muted, row++);
    }
    if (m_chosen) {
        const QRectF area = plot();
        painter.setPen(cosmetic(palette.accent, 1));
        const double x = std::round(xOf(*m_chosen)) + 0.5;
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    }
}

void SizeChart::paintLegend(QPainter& painter) const
{
    double x = kLeft;
    const auto entry = [&](const QColor& color, double thickness, const QString& text) {
        painter.fillRect(QRectF(x, kTop / 2 - 5 - thickness / 2, 12, thickness), color);
        const double width = painter.fontMetrics().horizontalAdvance(text);
        painter.setPen(Theme::of().palette().muted);
        painter.drawText(QRectF(x + 16, 4, width + 2, 18), Qt::AlignLeft | Qt::AlignVCenter, text);
        x += 16 + width + 14;
    };
    for (auto curve = std::rbegin(kCurves); curve != std::rend(kCurves); ++curve) {
        entry(Theme::of().seriesColor(curve->color), 2, QLatin1String(curve->name));
    }
    entry(faded(Theme::of().color(StatusLevel::Critical), 0.35), 9, tr("share of timeouts"));
    if (m_advice->places > 0 && !m_advice->resized && x + 90 < width()) {
        entry(Theme::of().seriesColor(1), 0, QStringLiteral("○ ") + tr("recorded p95"));
    }
}

const SizeForecast* SizeChart::forecastAt(const QPointF& at) const
{
    const QRectF area = plot();
    if (empty() || at.x() < area.left() || at.x() >= area.right()) {
        return nullptr;
    }
    const SizeForecast* nearest = nullptr;
    for (const SizeForecast& forecast : m_advice->forecasts) {
        if (nearest == nullptr ||
            std::abs(xOf(forecast.places) - at.x()) < std::abs(xOf(nearest->places) - at.x())) {
            nearest = &forecast;
        }
    }
    return nearest;
}

QString SizeChart::textOf(const SizeForecast& forecast) const
{
    return tr("places: %1").arg(forecast.places) + QLatin1Char('\n') +
           tr("wait p50 %1, p95 %2, p99 %3, longest %4")
               .arg(seconds(forecast.wait.p50), seconds(forecast.wait.p95), seconds(forecast.wait.p99),
                    seconds(forecast.wait.most)) +
           QLatin1Char('\n') +
           tr("%1 timeouts, %2 connections opened, at most %3 at once")
               .arg(number(forecast.timeouts), number(forecast.opened), QString::number(forecast.peakOpen));
}

QString SizeChart::textAt(const QPointF& at) const
{
    const SizeForecast* forecast = forecastAt(at);
    return forecast != nullptr ? textOf(*forecast) : QString();
}

QByteArray SizeChart::csv() const
{
    QByteArray text(
        "places,wait_p50_seconds,wait_p95_seconds,wait_p99_seconds,wait_max_seconds,timeouts,opened\r\n");
    for (const SizeForecast& forecast : empty() ? std::vector<SizeForecast>() : m_advice->forecasts) {
        text += QByteArray::number(forecast.places);
        for (const core::Nanos wait :
             {forecast.wait.p50, forecast.wait.p95, forecast.wait.p99, forecast.wait.most}) {
            text += ',' + QByteArray::fromStdString(core::numberText(core::seconds(wait)));
        }
        text += ',' + QByteArray::number(static_cast<qulonglong>(forecast.timeouts)) + ',' +
                QByteArray::number(static_cast<qulonglong>(forecast.opened)) + "\r\n";
    }
    return text;
}

void SizeChart::copyCsv()
{
    QApplication::clipboard()->setText(QString::fromUtf8(csv()));
}

bool SizeChart::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip) {
        return QWidget::event(event);
    }
    const auto* help = static_cast<QHelpEvent*>(event);
    QToolTip::showText(help->globalPos(), textAt(help->pos()), this);
    return true;
}

void SizeChart::choose(int places)
{
    m_chosen = std::clamp(places, 1, most());
    const QPointF at(xOf(*m_chosen), plot().top());
    QToolTip::showText(mapToGlobal(at.toPoint()), textAt(at), this);
    update();
}

void SizeChart::mouseMoveEvent(QMouseEvent* event)
{
    const SizeForecast* forecast = forecastAt(event->position());
    const std::optional<int> chosen = forecast != nullptr ? std::optional(forecast->places) : std::nullopt;
    if (chosen != m_chosen) {
        m_chosen = chosen;
        QToolTip::showText(event->globalPosition().toPoint(), textAt(event->position()), this);
        update();
    }
}

void SizeChart::leaveEvent(QEvent* event)
{
    m_chosen.reset();
    update();
    QWidget::leaveEvent(event);
}

void SizeChart::keyPressEvent(QKeyEvent* event)
{
    const int from = m_chosen.value_or(empty() ? 1 : std::max(1, m_advice->places));
    if (!empty() && event->key() == Qt::Key_Left) {
        choose(from - 1);
    } else if (!empty() && event->key() == Qt::Key_Right) {
        choose(from + 1);
    } else {
        QWidget::keyPressEvent(event);
    }
}

void SizeChart::contextMenuEvent(QContextMenuEvent* event)
{
    QMenu menu(this);
    menu.addAction(tr("Copy as CSV"), this, &SizeChart::copyCsv)->setEnabled(!empty());
    menu.exec(event->globalPos());
}

} // namespace widgets

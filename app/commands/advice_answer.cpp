#include "app/commands/advice_answer.h"

#include "monitor/core/format.h"
#include "monitor/core/units.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace app {

namespace {

constexpr std::size_t kSentenceChars = 1000;
constexpr int kColumn = 12;

// A server's text must not move the cursor of a terminal.
QString oneLine(const QString& text)
{
    return QString::fromStdString(core::oneLine(text.toStdString(), kSentenceChars));
}

QString cell(const QString& text)
{
    return text.rightJustified(kColumn);
}

QString secondsCell(const QJsonObject& wait, const char* name)
{
    return cell(
        QString::fromStdString(core::humanText(wait[QLatin1String(name)].toDouble(), core::Unit::Seconds)));
}

QString sizeLine(const QJsonObject& size, const QString& remark)
{
    const QJsonObject wait = size["wait_seconds"].toObject();
    const QString line = QString::number(size["places"].toInt()).rightJustified(6) +
                         secondsCell(wait, "p50") + secondsCell(wait, "p95") + secondsCell(wait, "p99") +
                         cell(QString::number(size["timeouts"].toDouble(), 'f', 0));
    return (remark.isEmpty() ? line : line + QStringLiteral("  ") + remark) + QLatin1Char('\n');
}

QString sizeTable(const QJsonObject& answer)
{
    const int today = answer["places"].toInt();
    const int enough = answer["suggested"].toObject()["places"].toInt();
    QString out = QStringLiteral("places") + cell("wait p50") + cell("p95") + cell("p99") + cell("timeouts") +
                  QLatin1Char('\n');
    bool waits = true;
    for (const QJsonValue& value : answer["forecasts"].toArray()) {
        const QJsonObject size = value.toObject();
        const int places = size["places"].toInt();
        QStringList remarks;
        if (places == today) {
            remarks << QStringLiteral("today");
        }
        if (places == enough) {
            remarks << QStringLiteral("enough");
        }
        if (waits || !remarks.isEmpty()) {
            out += sizeLine(size, remarks.join(QStringLiteral(", ")));
        }
        waits = waits && size["wait_seconds"].toObject()["max"].toDouble() > 0;
    }
    return out;
}

} // namespace

core::Result<QString> adviceText(const QByteArray& json)
{
    const QJsonObject answer = QJsonDocument::fromJson(json).object();
    if (answer["detail"].isString()) {
        return core::fail(oneLine(answer["detail"].toString()).toStdString());
    }
    if (!answer["sentence"].isString()) {
        return core::fail("the answer is no advice: is it a Poolscope?");
    }
    const QJsonObject recorded = answer["recorded"].toObject();
    QString out = oneLine(answer["sentence"].toString()) + QLatin1Char('\n') +
                  QStringLiteral("%1 requests of %2\n")
                      .arg(recorded["requests"].toDouble(), 0, 'f', 0)
                      .arg(QString::fromStdString(
                          core::humanText(recorded["span_seconds"].toDouble(), core::Unit::Seconds)));
    if (!answer["forecasts"].toArray().isEmpty()) {
        out += QLatin1Char('\n') + sizeTable(answer);
    }
    return out;
}

} // namespace app

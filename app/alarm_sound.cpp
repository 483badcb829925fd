#include "app/alarm_sound.h"

#include <QFile>
#include <QProcess>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtEndian>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <spdlog/spdlog.h>

namespace app {

namespace {

using metrics::Severity;

constexpr int kRate = 44100;

struct Tune {
    int tones;
    double hertz;
    double seconds;
};

Tune tuneOf(Severity severity)
{
    switch (severity) {
    case Severity::Info:
        return {1, 523.25, 0.25};
    case Severity::Warning:
        return {2, 659.25, 0.22};
    case Severity::Critical:
        break;
    }
    return {3, 987.77, 0.16};
}

using When = widgets::SoundChoice::When;

const QString kWhen = QStringLiteral("sound/when");
const QString kFrom = QStringLiteral("sound/from");

When whenOf(notify::Sound sound)
{
    switch (sound) {
    case notify::Sound::Off:
        break;
    case notify::Sound::Once:
        return When::Once;
    case notify::Sound::Repeat:
        return When::UntilAcknowledged;
    }
    return When::Never;
}

template <class T>
void append(QByteArray& out, T value)
{
    value = qToLittleEndian(value);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

} // namespace

std::optional<Severity> AlarmBell::ring(const std::vector<metrics::AlertRow>& alerts,
                                        const widgets::SoundChoice& choice, core::SteadyTime now)
{
    std::optional<Severity> worst;
    bool news = false;
    std::set<std::string> heard;
    for (const metrics::AlertRow& row : alerts) {
        if (row.state != metrics::AlertState::Firing || row.severity < choice.from || !row.ackedBy.empty() ||
            row.muted()) {
            continue;
        }
        const std::string key = row.incidentId + metrics::severityName(row.severity); // a rise is news
        news = news || !m_heard.contains(key);
        heard.insert(key);
        worst = std::max(worst.value_or(Severity::Info), row.severity);
    }
    m_heard = std::move(heard);
    const bool again = choice.when == When::UntilAcknowledged && now - m_last >= kAgain;
    if (!worst || choice.when == When::Never || (!news && !again)) {
        return std::nullopt;
    }
    m_last = now;
    return worst;
}

QByteArray alarmWav(Severity severity)
{
    const Tune tune = tuneOf(severity);
    const int tone = static_cast<int>(tune.seconds * kRate);
    const int pause = tone / 3;
    QByteArray samples;
    for (int i = 0; i < tune.tones * (tone + pause); ++i) {
        const int at = i % (tone + pause);
        const double edge = std::min({at / 400.0, (tone - at) / 400.0, 1.0}); // no click at the ends
        const double value =
            at < tone ? 0.35 * edge * std::sin(2 * std::numbers::pi * tune.hertz * at / kRate) : 0.0;
        append(samples, static_cast<qint16>(value * 32767));
    }
    QByteArray wav("RIFF");
    append(wav, quint32(36 + samples.size()));
    wav += "WAVEfmt ";
    append(wav, quint32(16));
    append(wav, quint16(1)); // PCM
    append(wav, quint16(1)); // mono
    append(wav, quint32(kRate));
    append(wav, quint32(kRate * 2));
    append(wav, quint16(2));
    append(wav, quint16(16));
    wav += "data";
    append(wav, quint32(samples.size()));
    return wav + samples;
}

AlarmSound::AlarmSound(notify::Sound configured, QString file, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file))
    , m_choice{whenOf(configured), Severity::Info}
{
    if (!m_file.isEmpty()) {
        const QSettings settings(m_file, QSettings::IniFormat);
        const int when = settings.value(kWhen, static_cast<int>(m_choice.when)).toInt();
        const int from = settings.value(kFrom, static_cast<int>(m_choice.from)).toInt();
        m_choice = {static_cast<When>(std::clamp(when, 0, 2)), static_cast<Severity>(std::clamp(from, 0, 2))};
    }
    for (const char* program : {"pw-play", "paplay", "aplay"}) {
        if (m_player.isEmpty()) {
            m_player = QStandardPaths::findExecutable(QLatin1String(program));
        }
    }
}

AlarmSound::~AlarmSound() = default;

void AlarmSound::show(const std::vector<metrics::AlertRow>& alerts)
{
    if (const auto severity = m_bell.ring(alerts, m_choice, core::SystemClock::instance().steadyNow())) {
        play(*severity);
    }
}

void AlarmSound::choose(const widgets::SoundChoice& choice)
{
    m_choice = choice;
    if (!m_file.isEmpty()) {
        QSettings settings(m_file, QSettings::IniFormat);
        settings.setValue(kWhen, static_cast<int>(choice.when));
        settings.setValue(kFrom, static_cast<int>(choice.from));
    }
}

void AlarmSound::play(Severity severity)
{
    if (m_player.isEmpty()) {
        complain(QStringLiteral("none of pw-play, paplay and aplay is installed"));
        return;
    }
    if (!m_folder) {
        m_folder = std::make_unique<QTemporaryDir>();
    }
    QFile file(m_folder->filePath(QLatin1String(metrics::severityName(severity)) + QStringLiteral(".wav")));
    if (!file.exists() && file.open(QIODevice::WriteOnly)) {
        file.write(alarmWav(severity));
        file.close();
    }
    auto* process = new QProcess(this);
    connect(process, &QProcess::finished, this, [this, process](int code) {
        if (code != 0) {
            complain(QString::fromUtf8(process->readAllStandardError()).simplified());
        }
        process->deleteLater();
    });
    connect(process, &QProcess::errorOccurred, this, [this, process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart) {
            complain(process->errorString());
            process->deleteLater();
        }
    });
    process->start(m_player, {file.fileName()});
}

void AlarmSound::complain(const QString& reason)
{
    if (!m_complained) {
        spdlog::warn("no sound can be played: {}", reason.toStdString());
        m_complained = true;
    }
}

} // namespace app

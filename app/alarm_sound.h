// A sound when an alert begins to fire, another one for each severity, again until somebody acknowledges it.
#pragma once

#include "monitor/core/clock.h"
#include "monitor/metrics/alert_rows.h"
#include "monitor/notify/setup_file.h"
#include "widgets/channel_commands.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

class QTemporaryDir;

namespace app {

// When to sound, without a sound. Alerts that were acknowledged, silenced, snoozed or inhibited make none.
class AlarmBell {
public:
    static constexpr core::Nanos kAgain = std::chrono::seconds(30);

    [[nodiscard]] std::optional<metrics::Severity> ring(const std::vector<metrics::AlertRow>& alerts,
                                                        const widgets::SoundChoice& choice, core::SteadyTime now);

private:
    std::set<std::string> m_heard; // incidents with their severity
    core::SteadyTime m_last = {};
};

// A sine of 44.1 kHz, 16 bit, mono: one tone for info, two for warnings, three quick high ones for what is
// critical.
[[nodiscard]] QByteArray alarmWav(metrics::Severity severity);

// Plays with what there is: pw-play, paplay or aplay. Without any, or without a device, it is silent and says
// so in the log, once. Main thread.
class AlarmSound final : public QObject {
    Q_OBJECT
public:
    // `file` is where the choice is remembered (the window's INI file; empty: nowhere); until something was chosen in the
    // window the configuration's holds.
    explicit AlarmSound(notify::Sound configured, QString file = {}, QObject* parent = nullptr);
    ~AlarmSound() override;
    void show(const std::vector<metrics::AlertRow>& alerts);
    [[nodiscard]] widgets::SoundChoice choice() const noexcept { return m_choice; }
    void choose(const widgets::SoundChoice& choice);
    void play(metrics::Severity severity);
    // In place of the first player found; for tests.
    void setPlayer(const QString& program) { m_player = program; }

private:
    void complain(const QString& reason);

    const QString m_file;
    widgets::SoundChoice m_choice;
    AlarmBell m_bell;
    QString m_player;
    std::unique_ptr<QTemporaryDir> m_folder;
    bool m_complained = false;
};

} // namespace app

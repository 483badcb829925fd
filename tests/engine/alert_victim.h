// A program with alerts that is killed again and again, and what it tells meanwhile: for the tests of kill -9.
#pragma once

#include "tests/support/http_catcher.h"

#include <QDateTime>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

inline constexpr int kPatience = 60'000; // ms

// What arrived, each message once: a second try carries the id of the first.
struct Told {
    std::string id;
    QString alert;
    bool firing = false;
    QString startsAt;
};

// Its rules: "Now" fires at once while there is trouble, "Later" after five seconds of it.
class AlertVictim {
protected:
    void moveIn()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_catcher = std::make_unique<support::HttpCatcher>();
        write(QStringLiteral("rules.yml"),
              "groups: [{name: g, rules: [\n"
              "{alert: Now, expr: 'log_file_up{file=\"watched\"} == 0'},\n"
              "{alert: Later, expr: 'log_file_up{file=\"watched\"} == 0', for: 5s}]}]\n");
        setTrouble(false);
    }
    void moveOut()
    {
        kill();
        m_catcher.reset();
        m_folder.reset();
    }
    void start()
    {
        m_process = std::make_unique<QProcess>();
        m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process->start(QStringLiteral(POOLSCOPE_BINARY_DIR "/tests/engine/engine_victim"),
                         {m_folder->path(), QString::fromStdString(m_catcher->url("/hook"))});
        QVERIFY(m_process->waitForStarted(30'000));
    }
    void kill()
    {
        if (m_process) {
            m_process->kill(); // SIGKILL
            m_process->waitForFinished(30'000);
            m_process.reset();
        }
    }
    QByteArray say(const char* command)
    {
        m_process->write(QByteArray(command) + '\n');
        (void)QTest::qWaitFor([&] { return m_process->canReadLine(); }, kPatience);
        return m_process->readLine().trimmed();
    }
    static void pause(int milliseconds)
    {
        QElapsedTimer timer;
        timer.start();
        (void)QTest::qWaitFor([&] { return timer.elapsed() >= milliseconds; }, 10'000);
    }
    // Until the states were saved twice more, the last time after a whole evaluation, and a group may speak
    // again.
    void liveOn() { pause(2'000); }

    void setTrouble(bool trouble)
    {
        if (trouble) {
            QFile::remove(m_folder->filePath(QStringLiteral("watched.log")));
        } else {
            write(QStringLiteral("watched.log"), "here\n");
        }
    }
    void write(const QString& name, const QByteArray& text)
    {
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }
    [[nodiscard]] QByteArray read(const QString& name) const
    {
        QFile file(m_folder->filePath(QStringLiteral("data/alerts/") + name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QJsonObject instanceOf(const QString& alert) const
    {
        const QJsonObject state = QJsonDocument::fromJson(read(QStringLiteral("state.json"))).object();
        for (const auto instance : state[QLatin1String("instances")].toArray()) {
            if (instance[QLatin1String("labels")][QLatin1String("alertname")].toString() == alert) {
                return instance.toObject();
            }
        }
        return {};
    }
    [[nodiscard]] QString stateOf(const QString& alert) const
    {
        return instanceOf(alert)[QLatin1String("state")].toString();
    }
    [[nodiscard]] std::vector<Told> told(const QString& alert) const
    {
        std::vector<Told> all;
        for (const support::CaughtRequest& request : m_catcher->requests()) {
            const auto body = QJsonDocument::fromJson(QByteArray::fromStdString(request.body)).object();
            const QJsonObject first = body[QLatin1String("alerts")].toArray().at(0).toObject();
            const std::string id = request.headers.at("x-poolscope-message-id");
            const bool known = std::ranges::find(all, id, &Told::id) != all.end();
            if (!known && first[QLatin1String("labels")][QLatin1String("alertname")].toString() == alert) {
                all.push_back({id, alert,
                               first[QLatin1String("status")].toString() == QLatin1String("firing"),
                               first[QLatin1String("startsAt")].toString()});
            }
        }
        return all;
    }

    // What the journal has and the states have not, and all else that a moment can tear apart: each incident is told
    // once and ended once.
    void killAtAnyMoment(std::size_t rounds)
    {
        QRandomGenerator random(20261126);
        for (std::size_t round = 1; round <= rounds; ++round) {
            for (const bool trouble : {true, false}) {
                setTrouble(trouble);
                for (int life = 0; life < 4; ++life) {
                    start();
                    pause(random.bounded(50, 700));
                    kill();
                }
                start();
                const std::size_t expected = 2 * round - (trouble ? 1 : 0);
                // What was forgotten is given a minute before it is over.
                QTRY_COMPARE_WITH_TIMEOUT(told(QStringLiteral("Now")).size(), expected, 90'000);
                liveOn();
                const auto all = told(QStringLiteral("Now"));
                QCOMPARE(all.size(), expected);
                QCOMPARE(all.back().firing, trouble);
                kill();
            }
        }
    }

    std::unique_ptr<support::HttpCatcher> m_catcher;
    std::unique_ptr<QProcess> m_process;

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

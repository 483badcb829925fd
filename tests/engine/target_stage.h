// Other people's pools on a stage: a data folder, one pool that answers, and ticks as the machine does them.
#pragma once

#include "monitor/core/format.h"
#include "monitor/engine/target_keeper.h"
#include "monitor/promql/querier.h"
#include "tests/support/http_catcher.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <filesystem>
#include <future>
#include <memory>
#include <string>

class TargetStage : public QObject {
protected:
    static constexpr const char* kPage = "hikaricp_connections_active{pool=\"main\"} 7\n"
                                         "hikaricp_connections_max{pool=\"main\"} 10\njvm_threads 42\n";

    void setUp()
    {
        QTest::failOnWarning(QRegularExpression(".*"));
        m_folder = std::make_unique<QTemporaryDir>();
        m_pool = std::make_unique<support::HttpCatcher>();
        say(kPage);
    }
    // targets.yml with this target.
    void list(const QByteArray& name)
    {
        write("targets.yml", "- url: " + QByteArray::fromStdString(m_pool->url("/metrics")) +
                                 "\n  name: " + name +
                                 "\n  environment: production\n  tags: [java, shop]\n  interval: 1s\n");
    }
    void write(const QString& name, const QByteArray& text)
    {
        QDir(m_folder->path()).mkpath("targets.d");
        QFile file(m_folder->filePath(name));
        QVERIFY(file.open(QFile::WriteOnly | QFile::Truncate));
        file.write(text);
    }
    [[nodiscard]] std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    void say(const std::string& body)
    {
        m_pool->answer([body](std::size_t) {
            support::CatcherAnswer answer;
            answer.body = body;
            return answer;
        });
    }
    // A tick, as the machine does it: what the collector says, then the snapshot into the head.
    static metrics::Snapshot tick(engine::TargetKeeper& keeper, series::Head& head)
    {
        metrics::Snapshot snapshot;
        snapshot.at = core::SystemClock::instance().wallNow();
        metrics::SampleBuilder out(snapshot);
        static_cast<void>(keeper.collect(out).has_value());
        head.append(snapshot);
        return snapshot;
    }
    static QString carryOut(engine::TargetDesk& desk, const metrics::TargetEdit& edit)
    {
        std::promise<std::string> ended;
        desk.edit(edit, [&ended](const std::string& problem) { ended.set_value(problem); });
        return QString::fromStdString(ended.get_future().get());
    }
    static QString undone(engine::TargetDesk& desk)
    {
        std::promise<std::string> ended;
        desk.undo([&ended](const std::string& problem) { ended.set_value(problem); });
        return QString::fromStdString(ended.get_future().get());
    }
    static std::size_t known(const metrics::Snapshot& snapshot)
    {
        const metrics::Family* family = snapshot.find("target_info");
        return family != nullptr ? family->series.size() : 0;
    }
    static double ask(series::Head& head, const metrics::Snapshot& snapshot, std::string_view expression)
    {
        const auto answer = promql::Querier(head).instant(expression, core::epochMillis(snapshot.at));
        return answer && answer->size() == 1 ? answer->front().points.front().value : std::nan("");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<support::HttpCatcher> m_pool;
};

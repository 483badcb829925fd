// The real program, running without a window and called as users call it.
#pragma once

#include "tests/support/http_client.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

namespace program_test {

struct Outcome {
    int code = -1;
    QByteArray out;
    QByteArray errors;
};

inline Outcome run(const QString& program, const QStringList& arguments)
{
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished(20'000)) {
        process.kill();
        process.waitForFinished();
        return {};
    }
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

inline Outcome poolscope(const QStringList& arguments)
{
    return run(POOLSCOPE_PROGRAM, arguments);
}

inline Outcome promtool(const QStringList& arguments)
{
    const QString chosen = qEnvironmentVariable("POOLSCOPE_PROMTOOL");
    return run(chosen.isEmpty() ? QStringLiteral("promtool") : chosen, arguments);
}

// JSON written with ' for ": moc loses its way in raw strings.
inline QByteArray json(QByteArray text)
{
    return text.replace('\'', '"');
}

// Its server is away, which its history does not mind.
class RunningProgram {
public:
    // What went wrong, or nothing.
    [[nodiscard]] QString start()
    {
        m_program.setProcessChannelMode(QProcess::MergedChannels);
        m_program.start(POOLSCOPE_PROGRAM, {"--headless", "--dsn", "host=127.0.0.1 port=1 dbname=none",
                                            "--listen", "127.0.0.1:0", "--data-dir", m_folder.path(),
                                            "--interval", "200ms", "--lang", "en"});
        static const QRegularExpression line(R"(http://127\.0\.0\.1:(\d+))");
        QByteArray output;
        if (!QTest::qWaitFor([&] { return (output += m_program.readAll(), line.match(output).hasMatch()); },
                             15'000)) {
            return QStringLiteral("it does not listen: ") + output;
        }
        const QString port = line.match(output).captured(1);
        m_url = QStringLiteral("http://127.0.0.1:") + port;
        const auto answers = [&] {
            return support::httpCall({port.toUShort(), "GET", "/api/v1/query?query=db_pool_size"})
                       .body.find("\"value\"") != std::string::npos;
        };
        return QTest::qWaitFor(answers, 15'000) ? QString() : QStringLiteral("it does not answer");
    }
    // True when it ended by itself.
    [[nodiscard]] bool end()
    {
        m_program.terminate();
        return m_program.waitForFinished(10'000);
    }
    [[nodiscard]] const QString& url() const noexcept { return m_url; }
    [[nodiscard]] QTemporaryDir& folder() noexcept { return m_folder; }

private:
    QTemporaryDir m_folder;
    QProcess m_program;
    QString m_url;
};

// Tests of commands that ask it.
class CommandTest : public QObject {
    Q_OBJECT

protected:
    RunningProgram m_program;

private Q_SLOTS:
    void initTestCase()
    {
        const QString problem = m_program.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    void cleanupTestCase() { QVERIFY(m_program.end()); }
};

} // namespace program_test

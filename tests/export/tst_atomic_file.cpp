#include "monitor/export/atomic_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

namespace {

QByteArray contentOf(const QString& name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

std::filesystem::path pathOf(const QString& name)
{
    return name.toStdString();
}

// A limit on the size of files, as a full disk would set one; lifted at the end.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before{};
};

} // namespace

class AtomicFileTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { m_folder.reset(); }

    void writesAndReplaces()
    {
        const QString name = m_folder->filePath("a.csv");
        QVERIFY(exporting::writeAtomically(pathOf(name), "first"));
        QVERIFY(exporting::writeAtomically(pathOf(name), "second"));
        QCOMPARE(contentOf(name), QByteArray("second"));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void existingFileIsKeptWhenReplacingIsRefused()
    {
        const QString name = m_folder->filePath("a.csv");
        QVERIFY(exporting::writeAtomically(pathOf(name), "first", exporting::Replace::Refused));
        const auto again = exporting::writeAtomically(pathOf(name), "second", exporting::Replace::Refused);
        QVERIFY(!again);
        QCOMPARE(again.error().code, std::string("EEXIST"));
        QCOMPARE(contentOf(name), QByteArray("first"));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void modeAndLinkOfTheOldFileStay()
    {
        const QString real = m_folder->filePath("real.csv");
        const QString link = m_folder->filePath("link.csv");
        QVERIFY(exporting::writeAtomically(pathOf(real), "first"));
        chmod(real.toLocal8Bit().constData(), 0600);
        QVERIFY(QFile::link(real, link));
        QVERIFY(exporting::writeAtomically(pathOf(link), "second"));
        QCOMPARE(contentOf(real), QByteArray("second"));
        QVERIFY(QFileInfo(link).isSymLink());
        struct stat info {};
        stat(real.toLocal8Bit().constData(), &info);
        QCOMPARE(info.st_mode & 0777, mode_t{0600});
    }

    void fileThatGrowsTooLargeLeavesTheOldOne()
    {
        const QString name = m_folder->filePath("a.csv");
        QVERIFY(exporting::writeAtomically(pathOf(name), "old"));
        const FileSizeLimit limit(4096);
        const auto written = exporting::writeAtomically(pathOf(name), std::string(100'000, 'x'));
        QVERIFY(!written);
        QCOMPARE(written.error().code, std::string("EFBIG"));
        QVERIFY(written.error().message.find("a.csv") != std::string::npos);
        QVERIFY(written.error().message.find('\n') == std::string::npos);
        QCOMPARE(contentOf(name), QByteArray("old"));
        QCOMPARE(QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void fullDiskLeavesTheOldFile()
    {
        // A full device answers on every machine; a small file system of its own only where we may mount one.
        const auto device = exporting::writeAtomically("/dev/full", "x");
        QVERIFY(!device);
        QCOMPARE(device.error().code, std::string("ENOSPC"));
        const QByteArray folder = m_folder->path().toLocal8Bit();
        if (geteuid() != 0 || mount("tmpfs", folder.constData(), "tmpfs", 0, "size=64k") != 0) {
            return;
        }
        const QString name = m_folder->filePath("a.csv");
        const bool first = exporting::writeAtomically(pathOf(name), "old").has_value();
        const auto written = exporting::writeAtomically(pathOf(name), std::string(1'000'000, 'x'));
        const QByteArray left = contentOf(name);
        const auto files = QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden).size();
        umount(folder.constData());
        QVERIFY(first);
        QVERIFY(!written);
        QCOMPARE(written.error().code, std::string("ENOSPC"));
        QCOMPARE(left, QByteArray("old"));
        QCOMPARE(files, 1);
    }

    void missingFolderAndFolderAsFileAreClearErrors()
    {
        const auto missing = exporting::writeAtomically(pathOf(m_folder->filePath("no/such/a.csv")), "x");
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, std::string("ENOENT"));
        const auto folder = exporting::writeAtomically(pathOf(m_folder->path()), "x");
        QVERIFY(!folder);
        QCOMPARE(folder.error().code, std::string("EISDIR"));
        const auto proc = exporting::writeAtomically("/proc/poolscope.csv", "x"); // nobody may write there
        QVERIFY(!proc);
        QVERIFY(proc.error().message.starts_with("cannot "));
    }

    void devicesAreWrittenDirectly()
    {
        QVERIFY(exporting::writeAtomically("/dev/null", "x"));
        QVERIFY(QFile::exists("/dev/null"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(AtomicFileTest)
#include "tst_atomic_file.moc"

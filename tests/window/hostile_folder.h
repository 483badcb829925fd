// A folder of its own that can be full, read-only or gone.
#pragma once

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

namespace window_test {

class HostileFolder {
public:
    HostileFolder()
    {
        chmod(m_outer.path().toLocal8Bit().constData(), 0755); // whoever ReadOnly makes of us may look inside
        QDir(m_outer.path()).mkdir(name());
    }

    [[nodiscard]] static QString name() { return QStringLiteral("hostile"); }
    [[nodiscard]] QString path() const { return m_outer.filePath(name()); }
    [[nodiscard]] QString path(const QString& file) const { return path() + QLatin1Char('/') + file; }
    [[nodiscard]] bool exists() const { return QDir(path()).exists(); }
    [[nodiscard]] QStringList files() const
    {
        return QDir(path()).entryList(QDir::Files | QDir::Hidden | QDir::System, QDir::Name);
    }
    [[nodiscard]] QByteArray content(const QString& name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
    }
    void put(const QString& name, const QByteArray& bytes) const
    {
        QFile file(path(name));
        (void)(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    void vanish() { QDir(path()).removeRecursively(); }

    // No room for another byte: a small file system where we may mount one, else a limit on the size of
    // files. `file` is there, with "old" in it.
    class Full {
    public:
        Full(const HostileFolder& folder, const QString& file)
            : m_path(folder.path().toLocal8Bit())
        {
            m_mounted = geteuid() == 0 && mount("tmpfs", m_path.constData(), "tmpfs", 0, "size=64k") == 0;
            folder.put(file, "old");
            if (m_mounted) {
                folder.put(QStringLiteral("ballast"), QByteArray(1'000'000, 'x'));
            } else {
                std::signal(SIGXFSZ, SIG_IGN);
                getrlimit(RLIMIT_FSIZE, &m_before);
                const rlimit none{0, m_before.rlim_max};
                setrlimit(RLIMIT_FSIZE, &none);
            }
            m_files = folder.files();
        }
        ~Full()
        {
            if (m_mounted) {
                umount2(m_path.constData(), MNT_DETACH);
            } else {
                setrlimit(RLIMIT_FSIZE, &m_before);
            }
        }
        Full(const Full&) = delete;
        Full& operator=(const Full&) = delete;
        [[nodiscard]] const QStringList& files() const noexcept { return m_files; }

    private:
        const QByteArray m_path;
        QStringList m_files;
        rlimit m_before{};
        bool m_mounted = false;
    };

    // Permissions mean nothing to root: for so long the process is nobody's.
    class ReadOnly {
    public:
        explicit ReadOnly(const HostileFolder& folder)
            : m_path(folder.path().toLocal8Bit())
        {
            chmod(m_path.constData(), 0555);
            if (m_asRoot) {
                (void)!seteuid(65534);
            }
        }
        ~ReadOnly()
        {
            if (m_asRoot) {
                (void)!seteuid(0);
            }
            chmod(m_path.constData(), 0755);
        }
        ReadOnly(const ReadOnly&) = delete;
        ReadOnly& operator=(const ReadOnly&) = delete;

    private:
        const bool m_asRoot = geteuid() == 0;
        const QByteArray m_path;
    };

private:
    QTemporaryDir m_outer;
};

} // namespace window_test

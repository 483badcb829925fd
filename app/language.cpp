#include "app/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

// At global scope: a static library's resources are otherwise dropped by the linker (Qt docs, Q_INIT_RESOURCE).
static void initResources()
{
    Q_INIT_RESOURCE(app);
}

namespace app {

Language::Language(QObject* parent) : QObject(parent)
{
    initResources();
}

Language::~Language()
{
    QCoreApplication::removeTranslator(&m_ours);
    QCoreApplication::removeTranslator(&m_qts);
}

void Language::apply(core::Lang lang)
{
    m_lang = lang;
    QCoreApplication::removeTranslator(&m_ours);
    QCoreApplication::removeTranslator(&m_qts);
    const QString name = lang == core::Lang::Chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
    if (m_qts.load(QStringLiteral("qtbase_") + name, QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QCoreApplication::installTranslator(&m_qts); // file dialogs; not there, they stay English
    }
    if (lang == core::Lang::Chinese && m_ours.load(QStringLiteral(":/i18n/poolscope_zh_CN.qm"))) {
        QCoreApplication::installTranslator(&m_ours); // the source texts are English and without plural forms
    }
}

} // namespace app

<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>widgets::AlertList</name>
    <message numerus="yes">
        <source>%n alert(s)</source>
        <translation>
            <numerusform>%n alert</numerusform>
            <numerusform>%n alerts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets::HostPanel</name>
    <message numerus="yes">
        <source>on %n core(s)</source>
        <translation>
            <numerusform>on %n core</numerusform>
            <numerusform>on %n cores</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets::Meters</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets::OverviewPanel</name>
    <message numerus="yes">
        <source>%1 on %n core(s)</source>
        <translation>
            <numerusform>%1 on %n core</numerusform>
            <numerusform>%1 on %n cores</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>widgets::PoolStrip</name>
    <message numerus="yes">
        <source>backend %1, open for %2, used %n time(s)</source>
        <translation>
            <numerusform>backend %1, open for %2, used %n time</numerusform>
            <numerusform>backend %1, open for %2, used %n times</numerusform>
        </translation>
    </message>
</context>
</TS>

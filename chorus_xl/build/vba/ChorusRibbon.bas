Attribute VB_Name = "ChorusRibbon"
Option Explicit

' One callback a button of the ribbon, each a call of the function of chorus_xl/ribbon.py that bears its name.
' ASCII only: what the clerk reads stands in the ribbon, in cells and in Python.

Public Sub ChorusFill(control As IRibbonControl)
    RunChorus "fill"
End Sub

Public Sub ChorusValidate(control As IRibbonControl)
    RunChorus "validate"
End Sub

Public Sub ChorusDeposit(control As IRibbonControl)
    RunChorus "deposit"
End Sub

Public Sub ChorusRefresh(control As IRibbonControl)
    RunChorus "refresh"
End Sub

Public Sub ChorusAct(control As IRibbonControl)
    RunChorus "act"
End Sub

Public Sub ChorusProve(control As IRibbonControl)
    RunChorus "prove"
End Sub

Public Sub ChorusCheckBudgets(control As IRibbonControl)
    RunChorus "check_budgets"
End Sub

Public Sub ChorusDiagnose(control As IRibbonControl)
    RunChorus "diagnose"
End Sub

Public Sub ChorusShowHelp(control As IRibbonControl)
    RunChorus "show_help"
End Sub

' The command passes through cmd.exe: no double quote in it.
' Python says what it has to say by itself. Here speaks only the case in which it could not: no interpreter, a broken
' installation, or a rule of the workplace that lets Excel start no other program (which is an error of VBA).
Private Sub RunChorus(ByVal action As String)
    Dim outcome As Variant
    On Error GoTo NoPython
    If InterpreterIsMissing() Then GoTo NoPython
    outcome = RunPython("from chorus_xl import ribbon; ribbon." & action & "()")
    If outcome <> -1 Then Exit Sub
NoPython:
    Application.StatusBar = False
    Application.ScreenUpdating = True
    MsgBox ThisWorkbook.Names("chorus_no_python").RefersToRange.Value, vbExclamation, "Chorus Pro"
End Sub

' Looks where RunPython will look, on Windows, to say it in French first.
Private Function InterpreterIsMissing() As Boolean
    Dim interpreter As String
    If Application.PathSeparator <> "\" Then Exit Function
    interpreter = GetConfig("INTERPRETER_WIN", "")
    If interpreter = "" Then interpreter = GetConfig("INTERPRETER", "python")
    If interpreter <> "python" And interpreter <> "pythonw" Then InterpreterIsMissing = Not FileExists(interpreter)
End Function

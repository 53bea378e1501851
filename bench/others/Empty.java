///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 17+
//DESCRIPTION Nothing: what it takes the runner to start anything at all

public class Empty {
    public static void main(String[] arguments) {
        System.out.println("here");
    }
}
